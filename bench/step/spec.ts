// What one row of the benchmark measures, and the row itself.

export const DTYPES = ['float32', 'float64'] as const
export type DTypeName = (typeof DTYPES)[number]

/** The precisions in which state can be kept besides the parameters' own. */
export const LOW_PRECISION = ['bf16', 'int8'] as const

/**
 * 'owned': the optimizer's own memory. 'callers': the caller's arrays. 'clip-norm': owned, with a global norm first.
 * 'dead': owned, after a thousand gradients of one small magnitude.
 */
export const MODES = ['owned', 'callers', 'clip-norm', 'dead'] as const
export type Mode = (typeof MODES)[number]

export interface Spec {
  readonly backend: string
  /** 'avx512' … for the native backend, 'simd128' for WebAssembly, 'none' for plain JavaScript. */
  readonly isa: string
  readonly threads: number
  readonly rule: string
  readonly dtype: DTypeName
  /** In which precision the state is kept; 'none' where there is none. */
  readonly state: string
  /** Parameters in all tensors together. */
  readonly n: number
  readonly tensors: number
  readonly mode: Mode
}

export interface Row extends Spec {
  readonly nsPerParam: number
  /** Bytes the rule cannot but move (p, g and state in, p and state out) over the time. */
  readonly gbPerSec: number
  /** The fastest stream kernel over the same pages; null where none was measured. */
  readonly rooflineNsPerParam: number | null
  /** Roofline's time over the step's: 1 is as fast as memory allows. */
  readonly rooflineRatio: number | null
  /** The fastest hand-written AdamW over the same pages, where the row is one: its time over the step's. */
  readonly handWrittenRatio?: number
  /** The gradients' magnitude, where `mode` is 'dead'. */
  readonly magnitude?: number
  /** The step's time over that at magnitude 1, where `mode` is 'dead'. */
  readonly overLive?: number
}

export const elementBytes = (type: string): number =>
  ({ float64: 8, float32: 4, bf16: 2, int8: 1 })[type] ?? 0
