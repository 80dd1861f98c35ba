// The types shared by optimizers, schedulers and loops: arrays, groups and what a step takes and returns.

/** Parameters and gradients: one of the two element types every backend computes in. */
export type FloatArray = Float32Array | Float64Array

export type DType = 'float32' | 'float64'

/** The formats of state: float32 or float64 as the parameter, bfloat16, or 8 bits with a scale for every 256 elements. */
export type StateDtype = 'float32' | 'bf16' | 'int8'

/** What state is kept in: bfloat16 as its 16 bits, 8-bit codes as bytes. */
export type StateArray = FloatArray | Uint16Array | Uint8Array

export type ElementType = DType | 'uint16' | 'uint8'

/** A tensor's dimensions, row-major: `[784, 128]`. */
export type Shape = readonly number[]

/** A parameter: the caller's array (updated in place), a shape (the optimizer owns it), or an array with its shape. */
export type Param = FloatArray | Shape | { readonly data: FloatArray; readonly shape: Shape }

/** Parameters by name, or in a list (named '0', '1', …). */
export type Params = Readonly<Record<string, Param>> | readonly Param[]

/** Gradients in the same form as the parameters; `null` leaves its tensor and state untouched. */
export type Grads = Readonly<Record<string, FloatArray | null>> | readonly (FloatArray | null)[]

/**
 * A gradient that is zero but for some rows, the slices along its parameter's first dimension (single elements where that
 * is the only one): `values` holds the rows that `indices` name, one after the other. Rows may come in any order; those
 * that come more than once add up.
 */
export interface SparseGrad {
  readonly indices: Int32Array | Uint32Array | readonly number[]
  readonly values: FloatArray
}

/** Gradients of which any may be sparse, for the rules that leave rows without a gradient alone. */
export type SparseGrads =
  | Readonly<Record<string, FloatArray | SparseGrad | null>>
  | readonly (FloatArray | SparseGrad | null)[]

/** A parameter group: its tensors' names and every hyper-parameter, readable and writable, validated. */
export type Group<O> = { readonly params: readonly string[] } & O

export interface StepOptions {
  /** Multiplies every gradient first (e.g. 1 / loss scale). Default 1. */
  gradScale?: number
  /** Clips every element into [−clipValue, clipValue], after `gradScale`. Default: no clipping. */
  clipValue?: number
  /** Scales all gradients by min(1, clipNorm / (‖g‖₂ + 1e-6)), the norm taken over all tensors; Infinity only measures. */
  clipNorm?: number
  /** Skips the whole step, state untouched, when a gradient is NaN or infinite. Default false. */
  skipNonFinite?: boolean
  /** Fills the gradients with zeros once they are used. Default false. */
  zeroGrad?: boolean
}

export interface StepInfo {
  /** Steps taken so far, this one included unless it was skipped. */
  step: number
  skipped: boolean
  /** The global 2-norm of the scaled, value-clipped gradients; null unless `clipNorm` or `skipNonFinite` asked for it. */
  gradNorm: number | null
  /** What the closure returned, in the closure form; its first result, where the rule calls it more than once. */
  loss?: number
  /** How often the closure was called, where the rule may call it more than once. */
  evaluations?: number
}

/** What a scheduler or a loop needs of an optimizer. */
export interface OptimizerLike {
  readonly groups: readonly { readonly params: readonly string[]; lr: number }[]
  readonly params: Readonly<Record<string, FloatArray>> | readonly FloatArray[]
  step(grads?: Grads, options?: StepOptions): StepInfo
  stateDict(): unknown
  loadStateDict(state: unknown): void
}

export type BackendName = 'native' | 'wasm' | 'js'

/** A group as the constructor takes it: its parameters and the options in which it differs. */
export type GroupInput<O> = { readonly params: Params } & Partial<O>

/** Everything a constructor takes as parameters. */
export type ParamsInput<O> = Params | readonly GroupInput<O>[]

type ArrayOf<X> = X extends FloatArray ? X : X extends { readonly data: infer D } ? D : FloatArray

/** The arrays of parameters, in the same form. */
export type ParamArrays<P> = P extends readonly { readonly params: Params }[]
  ? Readonly<Record<string, FloatArray>>
  : P extends readonly unknown[]
    ? readonly ArrayOf<P[number]>[]
    : { readonly [K in keyof P]: ArrayOf<P[K]> }

/** The shapes of parameters, in the same form. */
export type Shapes<P> = P extends readonly { readonly params: Params }[]
  ? Readonly<Record<string, Shape>>
  : P extends readonly unknown[]
    ? readonly Shape[]
    : { readonly [K in keyof P]: Shape }

/** Fills the gradients for the current parameters and returns the loss. */
export type Closure<P> = (grads: ParamArrays<P>) => number
