// cauchy/tfjs: any optimizer as a tf.Optimizer, to compile TensorFlow.js models with.
import { checkFunction, kindError, show, valueError } from './check'
import { decode } from './serialize/decode'
import { encode } from './serialize/encode'
import type { NamedTensor, TensorFlow, TensorFlowOptimizer, Variable } from './tfjs/tensorflow'
import { checkShape, type MakeOptimizer, type NamedVariables, Trained } from './tfjs/trained'
import type { Shape } from './types'
import type { OptimizerInterface } from './wrappers/wrapper'

export type { MakeOptimizer }

/** What a tf.Optimizer of `toTfjs` has besides tf.Optimizer's own. */
export interface TfjsOptimizer {
  /** The optimizers made so far, one for each set of variables that were first trained together. */
  readonly optimizers: readonly OptimizerInterface[]
  /**
   * The learning rate of the first group, undefined before the first step. Assigning sets that of all groups, of
   * optimizers made later too.
   */
  get learningRate(): number | undefined
  set learningRate(value: number)
  /** Puts the variables back where training goes on, as the optimizers' own `train()` does. */
  train(): void
  /** Puts the variables where they are best evaluated, for `EMA`, `SWA` and the schedule-free rules. */
  eval(): void
}

/**
 * A tf.Optimizer whose steps are a Cauchy optimizer's: for `model.compile({ optimizer })` and `optimizer.minimize(…)`.
 *
 * `make` gets the shapes of the variables of a first step, by name, and returns any optimizer of them: with groups,
 * wrappers and schedulers as you like. Variables that are first trained later get an optimizer, and a state, of their own;
 * those without a gradient in a step are left alone.
 *
 * Gradients and variables go through main memory: meant for TensorFlow.js' cpu, wasm and node backends; on WebGL it waits
 * for the graphics card, on WebGPU it does not work.
 *
 * `getWeights()` and `setWeights()` carry the state over, to the variables of the same names or, if none has one, of the same
 * shapes. To load a model that was saved with `includeOptimizer`, register
 * the class first: `tf.serialization.registerClass(optimizer.constructor)`.
 *
 * Rules that need the loss (`SAM`, `PolyakSGD`) are refused: TensorFlow.js evaluates it once a step.
 *
 * @param tf TensorFlow.js: `@tensorflow/tfjs`, `@tensorflow/tfjs-core` or `@tensorflow/tfjs-node`.
 * @example
 * ```js
 * import * as tf from '@tensorflow/tfjs'
 * import { AdamW, splitByDecay } from 'cauchy'
 * import { toTfjs } from 'cauchy/tfjs'
 * const optimizer = toTfjs(tf, (params) => new AdamW(splitByDecay(params), { lr: 1e-3 }))
 * model.compile({ optimizer, loss: 'categoricalCrossentropy' })
 * ```
 * @throws TypeError for wrong kinds; a step throws for variables that are unknown, not float32 or of another shape than
 * before, and then changes nothing.
 */
export function toTfjs<TF extends TensorFlow>(
  tf: TF,
  make: MakeOptimizer,
): InstanceType<TF['Optimizer']> & TfjsOptimizer {
  if (typeof tf?.Optimizer !== 'function') throw kindError('toTfjs: tf', 'TensorFlow.js, the module', tf)
  checkFunction('toTfjs: make', make)

  const Base = tf.Optimizer as unknown as new () => TensorFlowOptimizer
  class CauchyOptimizer extends Base implements TfjsOptimizer {
    static readonly className = 'Cauchy'
    static fromConfig() {
      return toTfjs(tf, make)
    }

    #trained: Trained[] = []
    #learningRate: number | undefined

    get optimizers(): readonly OptimizerInterface[] {
      return this.#trained.map(({ optimizer }) => optimizer)
    }

    get learningRate(): number | undefined {
      return this.#trained[0]?.optimizer.groups[0].lr ?? this.#learningRate
    }

    set learningRate(value: number) {
      for (const optimizer of this.optimizers) setRate(optimizer, value)
      this.#learningRate = value
    }

    applyGradients(
      given: Readonly<Record<string, NamedTensor['tensor'] | null>> | readonly NamedTensor[],
    ): void {
      const who = 'toTfjs: applyGradients'
      const list = Array.isArray(given)
        ? given.map(({ name, tensor }: NamedTensor) => [name, tensor] as const)
        : Object.entries(given)
      const grads = new Map(list.filter(([, tensor]) => tensor))
      const variables = new Map([...grads.keys()].map((name) => [name, this.#variable(who, name)]))
      for (const [name, grad] of grads) {
        checkShape(`${who}: gradient ${show(name)}`, grad, (variables.get(name) as Variable).shape)
      }
      this.#bind(who, variables)
      for (const trained of this.#trained) trained.step(tf, variables, grads)
      this.incrementIterations()
    }

    /** A variable that can be trained, of the shape it had before. */
    #variable(who: string, name: string): Variable {
      const variable = tf.engine().registeredVariables[name]
      if (!variable) throw new TypeError(`${who}: ${show(name)} must be a variable's name`)
      if (variable.dtype !== 'float32') {
        throw kindError(`${who}: variable ${show(name)}`, 'of dtype float32', variable.dtype)
      }
      const known = this.#trained.find((trained) => trained.has(name))
      if (known) checkShape(`${who}: variable ${show(name)}`, variable, known.shapeOf(name))
      return variable
    }

    /** Variables that are new go to states that were restored for them, or get an optimizer of their own. */
    #bind(who: string, variables: NamedVariables): void {
      const fresh = () =>
        new Map([...variables].filter(([name]) => !this.#trained.some((trained) => trained.has(name))))
      const waiting = this.#trained.filter(({ waits }) => waits)
      const none = waiting.length > 0 && waiting.length === this.#trained.length
      const bound = waiting.filter((trained) => trained.bind(who, fresh()))
      if (none && bound.length === 0) {
        const names = waiting.flatMap(({ shapes }) => Object.keys(shapes))
        throw valueError(`${who}: variables`, `those of the weights that were set, ${show(names)}`, [
          ...variables.keys(),
        ])
      }
      const rest = [...fresh()].map(([name, { shape }]) => [name, shape] as const)
      if (rest.length === 0) return
      const trained = new Trained(who, make, Object.fromEntries(rest))
      if (this.#learningRate !== undefined) setRate(trained.optimizer, this.#learningRate)
      trained.bind(who, fresh())
      this.#trained.push(trained)
    }

    train(): void {
      for (const trained of this.#trained) trained.enter(tf, 'train')
    }

    eval(): void {
      for (const trained of this.#trained) trained.enter(tf, 'eval')
    }

    /** The iterations, and everything the optimizers remember as bytes in an int32 tensor, their count in front. */
    override async getWeights(): Promise<NamedTensor[]> {
      const state = this.#trained.map(({ shapes, optimizer }) => ({
        shapes,
        optimizer: optimizer.stateDict(),
      }))
      const bytes = encode('toTfjs: getWeights', state)
      const words = new Int32Array(1 + Math.ceil(bytes.length / 4))
      words[0] = bytes.length
      new Uint8Array(words.buffer).set(bytes, 4)
      return [
        await this.saveIterations(),
        { name: 'cauchy', tensor: tf.tensor(words, [words.length], 'int32') },
      ]
    }

    /** Restores what `getWeights()` returned; checks all of it first and changes nothing when it throws. */
    override async setWeights(weights: readonly NamedTensor[]): Promise<void> {
      const who = 'toTfjs: setWeights'
      const words = await weights[1]?.tensor.data()
      if (!(words instanceof Int32Array))
        throw kindError(`${who}: weights`, 'what getWeights returns', weights)
      const bytes = new Uint8Array(words.slice().buffer).subarray(4, 4 + words[0])
      const state = decode(who, bytes) as { shapes: Record<string, Shape>; optimizer: unknown }[]
      const trained = state.map(({ shapes, optimizer: saved }) => {
        const made = new Trained(who, make, shapes)
        made.optimizer.loadStateDict(saved as never)
        return made
      })
      await this.extractIterations(weights)
      this.#trained = trained
    }

    getConfig(): Record<string, never> {
      return {}
    }

    override dispose(): void {
      this.#trained = []
      super.dispose()
    }
  }
  return new CauchyOptimizer() as unknown as InstanceType<TF['Optimizer']> & TfjsOptimizer
}

function setRate({ groups }: OptimizerInterface, value: number): void {
  for (const group of groups) group.lr = value
}
