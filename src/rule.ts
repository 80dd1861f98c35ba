// What one optimizer is: its hyper-parameters, its state, its kernels and the coefficients they take.
import type { KernelName } from './kernels'
import type { OptionSpecs } from './options'

/** Options of every rule. */
export interface CommonOptions {
  /** Learning rate, ≥ 0. */
  lr: number
  /** Maximizes the objective: the gradient's sign is flipped. Default false. */
  maximize: boolean
}

export interface Rule<O extends CommonOptions> {
  /** The class's name, as errors and saved states give it. */
  readonly name: string
  readonly options: OptionSpecs<O>
  /** Options that decide what the state means: fixed at construction. */
  readonly structural: readonly (keyof O & string)[]
  /** Throws where options contradict each other. */
  validate?(options: O): void
  /** The state arrays' names, after PyTorch's; each has the parameter's shape. */
  state(options: O): readonly string[]
  /** What a state array is filled with at first. Default 0. */
  initial?(options: O, slot: string): number
  /** The kernels of one step, in order; reductions of one are there for the coefficients of the next. */
  passes(options: O): readonly KernelName[]
  /** L2 weight decay, added to the gradient before the rule sees it. Default none. */
  l2?(options: O): number
  /**
   * Writes a pass's coefficients to c from index k on, in the order in which its kernel reads them.
   * @param t The tensor's step, 1 at its first.
   * @param sums The tensor's reductions of the pass before.
   */
  coefficients(pass: number, options: O, t: number, c: Float64Array, k: number, sums: Float64Array): void
}
