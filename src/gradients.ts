// The gradients of one step: checked, bound to the engine, and taken through scaling, clipping and norm.
import { type Engine, runAsync } from './backends/engine'
import { checkBoolean, checkNumber, checkOptions, kindError } from './check'
import type { KernelName } from './kernels'
import type { Block } from './memory'
import { MODE, ROW, SUMS } from './memory'
import { Places } from './places'
import type { SparseEngine } from './sparse/engine'
import { coalesce, GivenRows, type Gradient, isSparse, readRows, SparseRows } from './sparse/rows'
import { checkFloatArray, dtypeOf, pickByName, type TensorInfo } from './tensors'
import type { FloatArray, SparseGrad, StepOptions } from './types'

const OPTIONS = ['gradScale', 'clipValue', 'clipNorm', 'skipNonFinite', 'zeroGrad'] as const

/** Step options with their defaults; no clipNorm asks for no norm. */
export type CheckedStepOptions = Required<Omit<StepOptions, 'clipNorm'>> & { clipNorm: number | undefined }

const DEFAULTS: CheckedStepOptions = Object.freeze({
  gradScale: 1,
  clipValue: Number.POSITIVE_INFINITY,
  clipNorm: undefined,
  skipNonFinite: false,
  zeroGrad: false,
})

export function checkStepOptions(who: string, options: StepOptions | undefined): CheckedStepOptions {
  if (options === undefined) return DEFAULTS
  const got = checkOptions(who, options, OPTIONS)
  const limit = (name: 'clipValue' | 'clipNorm') =>
    got[name] === Number.POSITIVE_INFINITY
      ? Number.POSITIVE_INFINITY
      : checkNumber(`${who}: ${name}`, got[name], { min: 0 })
  const flag = (name: 'skipNonFinite' | 'zeroGrad') =>
    got[name] === undefined ? false : checkBoolean(`${who}: ${name}`, got[name])
  return {
    gradScale: got.gradScale === undefined ? 1 : checkNumber(`${who}: gradScale`, got.gradScale),
    clipValue: got.clipValue === undefined ? DEFAULTS.clipValue : limit('clipValue'),
    clipNorm: got.clipNorm === undefined ? undefined : limit('clipNorm'),
    skipNonFinite: flag('skipNonFinite'),
    zeroGrad: flag('zeroGrad'),
  }
}

/** Tracks which gradient arrays the engine is bound to, so that only new ones are checked and bound. */
export class Gradients {
  readonly #names: readonly string[]
  readonly #bound: (FloatArray | undefined)[]
  /** Where a gradient might overlap a parameter. */
  readonly #places: Places

  constructor(
    readonly who: string,
    readonly form: 'list' | 'record',
    readonly tensors: readonly TensorInfo[],
    params: readonly FloatArray[],
    readonly engine: SparseEngine,
    /** Whether a tensor takes sparse gradients. */
    readonly isLazy: (t: number) => boolean,
  ) {
    this.#names = tensors.map(({ name }) => name)
    this.#bound = tensors.map(() => undefined)
    this.#places = new Places(params)
  }

  /** What was given in the parameters' form, in the tensors' order, everything checked; nothing is bound yet. */
  check(given: unknown): (Gradient | null)[] {
    const picked = pickByName(`${this.who}: grads`, this.form, this.#names, given)
    const read = picked.map((gradient, t) => (isSparse(gradient) ? this.#read(gradient, t) : gradient))
    return read.map((gradient, t) => {
      if (!(gradient instanceof GivenRows)) return this.#checkOne(gradient, t)
      const { rows, rowSize, values } = gradient
      const who = `${this.#whose(t)}: values`
      return coalesce(gradient, this.#checkArray(who, values, t, rows.length * rowSize, gradient.lengthText))
    })
  }

  checkList(arrays: readonly unknown[]): (FloatArray | null)[] {
    return arrays.map((array, t) => this.#checkOne(array, t))
  }

  #whose(t: number): string {
    return `${this.who}: gradient ${JSON.stringify(this.tensors[t].name)}`
  }

  #read(gradient: SparseGrad, t: number): GivenRows {
    const { dtype, shape } = this.tensors[t]
    if (this.isLazy(t)) return readRows(this.#whose(t), gradient, shape)
    const wanted = `a ${dtype} array of all rows, since the rule with its options moves every row (SparseAdam does not)`
    throw kindError(this.#whose(t), wanted, gradient)
  }

  #checkOne(array: unknown, t: number): FloatArray | null {
    if (array === null) return null
    const { length } = this.tensors[t]
    if (
      array !== undefined &&
      array === this.#bound[t] &&
      (array as FloatArray).length === length &&
      length > 0
    )
      return array as FloatArray
    return this.#checkArray(this.#whose(t), array, t, length, `length ${length} as its parameter has`)
  }

  #checkArray(who: string, array: unknown, t: number, length: number, lengthText: string): FloatArray {
    const { dtype } = this.tensors[t]
    const gradient = checkFloatArray(who, array)
    if (dtypeOf(gradient) !== dtype) throw kindError(who, `a ${dtype} array as its parameter is`, gradient)
    if (gradient.length !== length) {
      throw new RangeError(`${who} must have ${lengthText}, got ${gradient.length}`)
    }
    const aliased = this.#places.find(gradient)
    if (aliased !== undefined) {
      const other = JSON.stringify(this.tensors[aliased].name)
      throw new TypeError(`${who} must not share memory with a parameter, got one overlapping ${other}`)
    }
    return gradient
  }

  bind(arrays: readonly (Gradient | null)[]): void {
    for (let t = 0; t < arrays.length; t++) {
      const array = arrays[t]
      if (array !== null && array !== this.#bound[t]) {
        this.engine.bind(t, 1, array)
        this.#bound[t] = array instanceof SparseRows ? undefined : array
      }
    }
  }
}

type Pipeline = Pick<CheckedStepOptions, 'gradScale' | 'clipValue'>
type Active = readonly (Gradient | null)[]

export interface GradientNorm {
  readonly norm: number
  readonly finite: boolean
}

/**
 * The 2-norm of the scaled, value-clipped gradients over all active tensors; sums are in double, in a fixed
 * order. Where float64 squares overflow it is taken again on gradients scaled down.
 */
export function gradientNorm(engine: Engine, block: Block, active: Active, options: Pipeline): GradientNorm {
  askSquares(block, active, options, 1)
  engine.run(squaresKernel(options))
  return normOf(engine, block, active, options)
}

/** The same off the event loop, where the engine can. */
export async function gradientNormAsync(
  engine: Engine,
  block: Block,
  active: Active,
  options: Pipeline,
): Promise<GradientNorm> {
  askSquares(block, active, options, 1)
  await runAsync(engine, squaresKernel(options))
  return normOf(engine, block, active, options)
}

/** Gradients that are neither scaled nor clipped need half the operations for the same sums. */
function squaresKernel({ gradScale, clipValue }: Pipeline): KernelName {
  return gradScale === 1 && clipValue === Number.POSITIVE_INFINITY ? 'gradientSquares' : 'squares'
}

function askSquares(
  { control, coefficients, sums }: Block,
  active: Active,
  { gradScale, clipValue }: Pipeline,
  scale: number,
): void {
  coefficients[0] = gradScale * scale
  coefficients[1] = clipValue * scale
  active.forEach((gradient, t) => {
    control[2 * t] = gradient === null ? -1 : 0
    control[2 * t + 1] = MODE.asIs
  })
  sums.fill(0)
}

const sumOf = ({ sums }: Block, active: Active) => active.reduce((total, _, t) => total + sums[t * SUMS], 0)

function normOf(engine: Engine, block: Block, active: Active, options: Pipeline): GradientNorm {
  const total = sumOf(block, active)
  if (Number.isFinite(total)) return { norm: Math.sqrt(total), finite: true }
  const { gradScale, clipValue } = options
  if (!active.every((gradient) => gradient === null || staysFinite(gradient, gradScale, clipValue))) {
    return { norm: Math.sqrt(total), finite: false }
  }
  const down = 2 ** -600
  askSquares(block, active, options, down)
  engine.run('squares')
  return { norm: Math.sqrt(sumOf(block, active)) / down, finite: true }
}

function staysFinite(gradient: Gradient, gradScale: number, clipValue: number): boolean {
  const values = gradient instanceof SparseRows ? gradient.values : gradient
  const round = dtypeOf(values) === 'float32' ? Math.fround : (x: number) => x
  return values.every((x) =>
    Number.isFinite(Math.max(Math.min(round(round(gradScale) * x), clipValue), -clipValue)),
  )
}

/** Writes the gradient's part of a row of coefficients; returns the gradient mode they need. */
export function writeGradientCoefficients(
  c: Float64Array,
  row: number,
  { gradScale, clipValue }: CheckedStepOptions,
  factor: number,
  weightDecay: number,
): number {
  const k = row * ROW
  c[k] = gradScale
  c[k + 1] = clipValue
  c[k + 2] = factor
  c[k + 3] = weightDecay
  if (weightDecay !== 0) return MODE.decayed
  return gradScale === 1 && clipValue === Number.POSITIVE_INFINITY && factor === 1 ? MODE.asIs : MODE.prepared
}
