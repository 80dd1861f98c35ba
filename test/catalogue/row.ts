// What the tests know of an optimizer besides its class.

export type Options = Record<string, unknown>

/** A tensor: its values, its state arrays and its scalar state, as stateDict names them. */
export interface Tensor {
  p: number[]
  state: Record<string, number[]>
  scalars?: Record<string, number>
  /** Its dimensions; default one, or those of `matrixOf` for rules of matrices. */
  shape?: readonly number[]
}

/** Every option of the rule by name, with `beta1`, `beta2` … for `betas`. */
// biome-ignore lint/suspicious/noExplicitAny: a formula knows its own options
export type Numbers = Record<string, any>

export interface Row {
  /**
   * Options at non-default values: one set for each structural variant, the first one keeping state; every option is
   * at a non-default value in one of them.
   */
  readonly variants: readonly Options[]
  /** Options that keep the state in low precision: float32 tensors alone. */
  readonly packed?: readonly Options[]
  /** Whether the rule needs the loss: its steps go through a closure that returns LOSS. */
  readonly closure?: true
  /** Whether it takes matrices alone: arrays reach it in the shape of `matrixOf`. */
  readonly matrix?: true
  /** Whether its tensors depend on each other, so that order, groups and frozen tensors matter. */
  readonly couples?: true
  /** Whether its state arrays come into use one by one; those that are not are not saved. */
  readonly grows?: true
  /** Whether the rate enters the state alone, so that a rate of zero moves nothing at all. */
  readonly rateInState?: true
  /** One step in plain float64, in place, transcribed from the paper; t counts from 1, g has the sign of a descent. */
  formula?(tensor: Tensor, g: number[], t: number, o: Numbers): void
  /** The same over all tensors, for rules that couple them; scalars of the state are arrays of one. */
  together?(tensors: readonly Tensor[], grads: readonly number[][], t: number, o: Numbers): void
}

/** What closures return in the tests. */
export const LOSS = 5

/** So many elements as a matrix, as square as it can be. */
export function matrixOf(length: number): [rows: number, columns: number] {
  if (length === 0) return [0, 3]
  let rows = Math.floor(Math.sqrt(length))
  while (length % rows !== 0) rows--
  return [rows, length / rows]
}

/** The gradient with L2 decay in it, or the parameters decayed on their own: as `decoupledWeightDecay` says. */
export function decayed(p: number[], g: readonly number[], o: Numbers): number[] {
  if (!o.decoupledWeightDecay) return g.map((x, i) => x + o.weightDecay * p[i])
  p.forEach((x, i) => {
    p[i] = x - o.lr * o.weightDecay * x
  })
  return [...g]
}

export const norm = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))
