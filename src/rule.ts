// What one optimizer is: its hyper-parameters, its state, its kernels and the coefficients they take.
import type { KernelName } from './kernels'
import type { WorkSpec } from './memory'
import type { OptionSpecs } from './options'
import type { Solver, SolverParts } from './solver'
import type { DType, FloatArray, Shape } from './types'

/** Options of every rule. */
export interface CommonOptions {
  /** Learning rate, ≥ 0. */
  lr: number
  /** Maximizes the objective: the gradient's sign is flipped. Default false. */
  maximize: boolean
}

/** What a rule knows of a tensor while its coefficients are computed. */
export interface TensorStep {
  /** The tensor's own step, 1 at its first. */
  readonly t: number
  readonly length: number
  readonly shape: Shape
  /** Reductions of the pass before. */
  readonly sums: Float64Array
  /** The tensor's scalar state, in the order of `Rule.scalars`; `Rule.combine` updates it. */
  readonly scalars: Float64Array
  /** The tensor's state arrays and working arrays, for rules whose state is not of the tensor's shape. */
  readonly state: readonly FloatArray[]
  readonly work: readonly FloatArray[]
  /** What the closure returned, where the rule needs it. */
  readonly loss: number
}

/** Whose conventions and defaults a rule follows. */
export type Preset = 'torch' | 'optax' | 'keras' | 'tfjs'

export interface Rule<O extends CommonOptions> {
  /** The class's name, as errors and saved states give it. */
  readonly name: string
  readonly options: OptionSpecs<O>
  /** The other frameworks whose numbers the rule can reproduce, and what differs there; their presets alone are taken. */
  readonly presets?: Readonly<Partial<Record<Preset, Partial<O>>>>
  /** Options that decide what the state means: fixed at construction. */
  readonly structural: readonly (keyof O & string)[]
  /** Throws where options contradict each other. */
  validate?(options: O): void
  /** Why a parameter cannot have a shape: 'a matrix (2 dimensions)'. Default: any will do. */
  wantsShape?(shape: Shape): string | undefined
  /** The rows and columns of the matrices in a tensor, for kernels that run along rows. Default one row. */
  matrix?(shape: Shape): readonly [rows: number, columns: number]
  /** The state arrays' names, after PyTorch's; kernels find them from the third slot on. */
  state(options: O, shape: Shape): readonly string[]
  /** Which moment each state array is, for rules that can keep them in low precision; see `PackingOptions`. */
  readonly moments?: Readonly<Record<string, 'first' | 'second'>>
  /** The length of a state array. Default the parameter's. */
  extent?(slot: string, shape: Shape): number
  /** Arrays that keep nothing between steps; kernels find them from the last slot back. Default none. */
  work?(shape: Shape, dtype: DType): readonly WorkSpec[]
  /** Whether tensors share their working arrays: a step takes one through all passes before the next. Default false. */
  readonly sharesWork?: boolean
  /** What a state array is filled with at first; 'params': the parameter as its first step finds it. Default 0. */
  initial?(options: O, slot: string): number | 'params'
  /** Scalar state per tensor: names and initial values. Default none. */
  scalars?(options: O): Readonly<Record<string, number>>
  /** The kernels of one step, in order; reductions of one are there for the coefficients of the next. */
  passes(options: O, shape: Shape): readonly KernelName[]
  /** Takes the steps instead of `passes`, evaluating the closure as often as it needs; over a single group. */
  solver?(parts: SolverParts<O>): Solver
  /** Further arrays of each parameter's shape, working memory of `solver`. Default 0. */
  readonly workingArrays?: number
  /** How many of the state arrays these scalars say are in use, or throws; the others are not saved. Default all. */
  statesInUse?(who: string, options: O, scalars: ArrayLike<number>): number
  /** L2 weight decay, added to the gradient before the rule sees it. Default none. */
  l2?(options: O): number
  /**
   * Whether, with these options, rows without a gradient stay as they are, so that gradients may be sparse. The rule
   * is a single elementwise pass then. Default never.
   */
  lazy?(options: O): boolean
  /** Whether a step needs the loss, hence a closure. Default false. */
  readonly needsLoss?: boolean
  /** What takes parameters to evaluation mode and back. Default nothing. */
  readonly modes?: { readonly eval: KernelName; readonly train: KernelName }
  /**
   * Before the coefficients of a pass: updates scalars, combines reductions over the group's tensors that step.
   * May overwrite reductions, for the coefficients.
   */
  combine?(pass: number, options: O, tensors: readonly TensorStep[]): void
  /** After the last pass: what becomes of the tensors' state besides what kernels wrote. */
  finish?(options: O, tensor: TensorStep): void
  /** Whether `combine` takes the tensors of all groups at once, with the first group's options. Default false. */
  readonly couplesGroups?: boolean
  /** Whether each tensor needs coefficients of its own already in the first pass. Default false. */
  readonly perTensor?: boolean
  /**
   * Writes a pass's coefficients to c from index k on, in the order in which its kernel reads them.
   * @param pass The pass's number, or the mode that is entered.
   */
  coefficients(
    pass: number | 'eval' | 'train',
    options: O,
    tensor: TensorStep,
    c: Float64Array,
    k: number,
  ): void
}
