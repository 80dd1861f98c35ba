// The passes of a step: which kernel runs over which tensors, with which coefficients.
import { type Engine, runAsync } from './backends/engine'
import { type CheckedStepOptions, writeGradientCoefficients } from './gradients'
import { type KernelName, kernelInfo } from './kernels'
import { type Block, MODE, ROW, RULE_OFFSET, SUMS } from './memory'
import { isPacked, type NameKey, nameKey, type PackingOptions, writeKey } from './packing'
import type { CommonOptions, Rule, TensorStep } from './rule'
import type { Gradient } from './sparse/rows'
import type { TensorInfo } from './tensors'
import type { FloatArray } from './types'

/** A tensor as its rule sees it, alive: its step count and scalars change. */
export type LiveTensor = { -readonly [K in keyof TensorStep]: TensorStep[K] }

type Gradients = readonly (Gradient | null)[]

/** A kernel of one pass and the tensors it runs over. */
interface Work {
  readonly kernel: KernelName
  readonly tensors: readonly number[]
  readonly readsGradient: boolean
  /** What its reductions add up in: each tensor's sums, or the working array of its rows. */
  readonly reducesTo: 'sums' | 'rows' | null
}

function workOf(kernel: KernelName, tensors: readonly number[]): Work {
  const { kind, reads, reductions } = kernelInfo(kernel)
  const reducesTo = reductions === 0 ? null : kind === 'ROWS' ? 'rows' : 'sums'
  return { kernel, tensors, readsGradient: reads.includes('g'), reducesTo }
}

export class Passes<O extends CommonOptions> {
  readonly #rule: Rule<O>
  readonly #infos: readonly TensorInfo[]
  readonly #groups: readonly O[]
  readonly #block: Block
  readonly #engine: Engine
  readonly #arrays: readonly FloatArray[]
  readonly #plan: readonly (readonly Work[])[]
  /** The keys of tensors with packed state. */
  readonly #keys: readonly (NameKey | undefined)[]
  /** Each tensor's step, scalars and reductions. */
  readonly tensors: readonly LiveTensor[]

  constructor(
    rule: Rule<O>,
    infos: readonly TensorInfo[],
    groups: readonly O[],
    block: Block,
    engine: Engine,
    arrays: readonly FloatArray[],
  ) {
    this.#rule = rule
    this.#infos = infos
    this.#groups = groups
    this.#block = block
    this.#engine = engine
    this.#arrays = arrays
    this.tensors = infos.map(({ length, shape, group }, t) => ({
      t: 0,
      length,
      shape,
      loss: Number.NaN,
      sums: block.sums.subarray(t * SUMS, (t + 1) * SUMS),
      state: block.state[t] as readonly FloatArray[],
      work: block.work[t],
      scalars: Float64Array.from(Object.values(rule.scalars?.(groups[group]) ?? {})),
    }))
    this.#keys = infos.map(({ name }, t) => (block.state[t].some(isPacked) ? nameKey(name) : undefined))
    // Groups may differ in structural options, hence in kernels: each pass runs each kernel over its tensors.
    const kernels = infos.map(({ group, shape }) => rule.passes(groups[group], shape))
    const count = kernels.reduce((most, list) => Math.max(most, list.length), 0)
    this.#plan = Array.from({ length: count }, (_, pass) =>
      [...new Set(kernels.flatMap((list) => list.slice(pass, pass + 1)))].map((kernel) =>
        workOf(
          kernel,
          kernels.flatMap((list, t) => (list[pass] === kernel ? [t] : [])),
        ),
      ),
    )
  }

  /** One step over the tensors with a gradient. */
  step(gradients: Gradients, options: CheckedStepOptions, clipFactor: number, loss: number): void {
    this.#count(gradients, loss)
    for (const active of this.#turns(gradients)) {
      for (let pass = 0; pass < this.#plan.length; pass++) {
        if (this.#rule.combine) this.#combine(pass, active)
        for (const work of this.#plan[pass]) {
          this.#write(pass, work, active, options, clipFactor)
          this.#engine.run(work.kernel)
        }
      }
    }
    this.#finish(gradients)
  }

  /** The same with the kernels off the event loop, where the engine can. */
  async stepAsync(
    gradients: Gradients,
    options: CheckedStepOptions,
    clipFactor: number,
    loss: number,
  ): Promise<void> {
    this.#count(gradients, loss)
    for (const active of this.#turns(gradients)) {
      for (let pass = 0; pass < this.#plan.length; pass++) {
        if (this.#rule.combine) this.#combine(pass, active)
        for (const work of this.#plan[pass]) {
          this.#write(pass, work, active, options, clipFactor)
          await runAsync(this.#engine, work.kernel)
        }
      }
    }
    this.#finish(gradients)
  }

  #count(gradients: Gradients, loss: number): void {
    const { tensors } = this
    for (let t = 0; t < tensors.length; t++) {
      if (gradients[t] === null) continue
      if (tensors[t].t === 0) this.#begin(t)
      tensors[t].t++
      tensors[t].loss = loss
    }
  }

  // All at once, or one after the other where they share their working arrays.
  #turns(gradients: Gradients): readonly Gradients[] {
    if (!this.#rule.sharesWork) return [gradients]
    return gradients.flatMap((gradient, t) =>
      gradient === null ? [] : [gradients.map((other, k) => (k === t ? other : null))],
    )
  }

  #finish(gradients: Gradients): void {
    if (!this.#rule.finish) return
    gradients.forEach((gradient, t) => {
      if (gradient !== null) this.#rule.finish?.(this.#groups[this.#infos[t].group], this.tensors[t])
    })
  }

  // Here and not at construction: owned parameters get their values in between.
  #begin(t: number): void {
    const { group, shape } = this.#infos[t]
    const options = this.#groups[group]
    this.#rule.state(options, shape).forEach((slot, k) => {
      if (this.#rule.initial?.(options, slot) === 'params') this.#block.state[t][k].set(this.#arrays[t])
    })
  }

  #combine(pass: number, gradients: Gradients): void {
    const { couplesGroups } = this.#rule
    this.#groups.slice(0, couplesGroups ? 1 : undefined).forEach((options, group) => {
      const active = this.tensors.filter(
        (_, t) => gradients[t] !== null && (couplesGroups || this.#infos[t].group === group),
      )
      if (active.length > 0) this.#rule.combine?.(pass, options, active)
    })
  }

  #write(
    pass: number,
    { tensors, readsGradient, reducesTo }: Work,
    gradients: Gradients,
    checked: CheckedStepOptions,
    clipFactor: number,
  ): void {
    const { control, coefficients } = this.#block
    const sharing = pass === 0 && !this.#rule.perTensor
    for (let k = 0; k < control.length; k++) control[k] = -1 // a call of fill takes longer for a few
    // Tensors of one group at one step share a row, unless something of their own enters it.
    let shared = -1
    for (const t of tensors) {
      if (gradients[t] === null) continue
      const { group } = this.#infos[t]
      const tensor = this.tensors[t]
      const key = this.#keys[t]
      if (
        !sharing ||
        key !== undefined ||
        shared < 0 ||
        this.#infos[shared].group !== group ||
        this.tensors[shared].t !== tensor.t
      ) {
        const options = this.#groups[group]
        const factor = options.maximize ? -clipFactor : clipFactor
        const l2 = this.#rule.l2?.(options) ?? 0
        control[2 * t + 1] = writeGradientCoefficients(coefficients, t, checked, factor, l2)
        this.#rule.coefficients(pass, options, tensor, coefficients, t * ROW + RULE_OFFSET)
        const { seed = 0 } = options as Partial<PackingOptions>
        if (key !== undefined) writeKey(coefficients, t * ROW, seed, key, tensor.t)
        shared = t
      }
      if (reducesTo !== null) (reducesTo === 'rows' ? tensor.work[0] : tensor.sums).fill(0)
      control[2 * t] = shared
      control[2 * t + 1] = readsGradient ? control[2 * shared + 1] : MODE.asIs
    }
  }

  /** Takes the parameters that have stepped into a mode. */
  enter(mode: 'eval' | 'train'): void {
    const kernel = this.#rule.modes?.[mode]
    if (kernel === undefined) return
    const { control, coefficients } = this.#block
    this.tensors.forEach((tensor, t) => {
      this.#rule.coefficients(
        mode,
        this.#groups[this.#infos[t].group],
        tensor,
        coefficients,
        t * ROW + RULE_OFFSET,
      )
      control[2 * t] = tensor.t === 0 ? -1 : t
      control[2 * t + 1] = MODE.asIs
    })
    this.#engine.run(kernel)
  }
}
