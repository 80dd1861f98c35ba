// Variables of TensorFlow.js and the optimizer that was made for them.
import { kindError, show, valueError } from '../check'
import type { FloatArray, Shape } from '../types'
import type { OptimizerInterface } from '../wrappers/wrapper'
import type { NamedTensor, Tensor, TensorFlow, Variable } from './tensorflow'

/** Makes the optimizer of some variables: from their shapes by name, as the constructors take them. */
export type MakeOptimizer = (params: Record<string, Shape>) => OptimizerInterface

export type NamedVariables = ReadonlyMap<string, Variable>

const sizeOf = (shape: Shape) => shape.reduce((product, size) => product * size, 1)
const sameShape = (a: Shape, b: Shape) => a.length === b.length && a.every((size, k) => size === b[k])

export function checkShape(who: string, { shape }: Tensor, wanted: Shape): void {
  if (!sameShape(shape, wanted)) throw valueError(who, `of shape ${show(wanted)}`, shape)
}

export class Trained {
  readonly optimizer: OptimizerInterface
  readonly #params: Readonly<Record<string, FloatArray>>
  /** The parameters' names by the variables'. Empty while a restored state waits for its variables. */
  #names: ReadonlyMap<string, string> = new Map()

  constructor(
    who: string,
    make: MakeOptimizer,
    readonly shapes: Readonly<Record<string, Shape>>,
  ) {
    const entries = Object.entries(shapes)
    const optimizer = make(Object.fromEntries(entries.map(([name, shape]) => [name, [...shape]])))
    if (typeof optimizer?.step !== 'function')
      throw kindError(`${who}: make's result`, 'an optimizer', optimizer)
    if (optimizer.needsClosure) {
      throw new TypeError(
        `${who}: make must give an optimizer that steps on gradients, got one that needs a closure`,
      )
    }
    const params = optimizer.params as Readonly<Record<string, FloatArray>>
    const fits = entries.every(([name, shape]) => params[name]?.length === sizeOf(shape))
    if (!fits || Object.keys(params).length !== entries.length) {
      throw valueError(`${who}: make's optimizer`, 'of the parameters given to make', Object.keys(params))
    }
    this.optimizer = optimizer
    this.#params = params
  }

  get waits(): boolean {
    return this.#names.size === 0
  }

  has(variable: string): boolean {
    return this.#names.has(variable)
  }

  shapeOf(variable: string): Shape {
    return this.shapes[this.#names.get(variable) as string]
  }

  /**
   * Takes the variables of the names it knows or, if there are none and TensorFlow.js gave a loaded model other names, all
   * of them, when their shapes are the same one by one; returns whether it did.
   */
  bind(who: string, variables: NamedVariables): boolean {
    const own = Object.keys(this.shapes)
    const known = own.filter((name) => variables.has(name))
    for (const name of known) {
      checkShape(`${who}: variable ${show(name)}`, variables.get(name) as Variable, this.shapes[name])
    }
    const given = [...variables]
    const alike =
      given.length === own.length && given.every(([, { shape }], k) => sameShape(shape, this.shapes[own[k]]))
    if (known.length > 0) this.#names = new Map(own.map((name) => [name, name]))
    else if (alike) this.#names = new Map(given.map(([name], k) => [name, own[k]]))
    return !this.waits
  }

  /** One step of those of its variables that have a gradient. */
  step(tf: TensorFlow, variables: NamedVariables, grads: ReadonlyMap<string, NamedTensor['tensor']>): void {
    const own = this.optimizer.grads as Readonly<Record<string, FloatArray>>
    const present = [...this.#names].filter(([name]) => grads.has(name))
    if (present.length === 0) return
    const given: Record<string, FloatArray | null> = Object.fromEntries(
      Object.keys(this.shapes).map((name) => [name, null]),
    )
    for (const [variable, name] of present) {
      this.#params[name].set((variables.get(variable) as Variable).dataSync())
      own[name].set((grads.get(variable) as Tensor).dataSync())
      given[name] = own[name]
    }
    this.optimizer.step(given)
    for (const [variable, name] of present) this.#assign(tf, variables.get(variable) as Variable, name)
  }

  enter(tf: TensorFlow, mode: 'train' | 'eval'): void {
    const { registeredVariables } = tf.engine()
    const present = [...this.#names].filter(([variable]) => Object.hasOwn(registeredVariables, variable))
    for (const [variable, name] of present) this.#params[name].set(registeredVariables[variable].dataSync())
    this.optimizer[mode]()
    for (const [variable, name] of present) this.#assign(tf, registeredVariables[variable], name)
  }

  /** A tensor keeps the array it is made of: the variable gets a copy. */
  #assign(tf: TensorFlow, variable: Variable, name: string): void {
    const tensor = tf.tensor(new Float32Array(this.#params[name]), [...this.shapes[name]], 'float32')
    variable.assign(tensor)
    tensor.dispose()
  }
}
