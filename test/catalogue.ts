// The optimizers under test, taken from the package's own exports, each with its row of ./catalogue.
/// <reference types="vite/client" />
import * as cauchy from 'cauchy'
import { LOSS, matrixOf, type Numbers, type Options, type Row, type Tensor } from './catalogue/row'

export type { Options, Row, Tensor } from './catalogue/row'
export type AnyOptimizer = cauchy.Optimizer<cauchy.SGDOptions>
export type AnyClass = new (params: cauchy.Params, options?: object) => AnyOptimizer

const files = import.meta.glob<{ rows?: Record<string, Row> }>('./catalogue/*.ts', { eager: true })

/** Every row by the optimizer's name. */
export const rows: Record<string, Row> = Object.assign({}, ...Object.values(files).map((file) => file.rows))

/** The class of a rule that needs the loss, stepping on gradients as the others do: zeros for null. */
function closing(Class: AnyClass): AnyClass {
  return class extends Class {
    override step(...[grads, options]: Parameters<AnyOptimizer['step']>) {
      if (typeof grads === 'function') return super.step(grads, options)
      return super.step((own) => {
        for (const [name, array] of Object.entries(grads ?? {})) {
          const mine = (own as Record<string, cauchy.FloatArray>)[name]
          if (array === null) mine.fill(0)
          else mine.set(array)
        }
        return LOSS
      }, options)
    }
  }
}

function isDetached({ buffer }: cauchy.FloatArray): boolean {
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

/** A parameter as a matrix; what is wrong with it must come through as it is. */
function asMatrix(param: unknown): unknown {
  if (param instanceof Float32Array || param instanceof Float64Array) {
    const { resizable, growable } = param.buffer as { resizable?: boolean; growable?: boolean }
    return resizable || growable || isDetached(param) ? param : { data: param, shape: matrixOf(param.length) }
  }
  if (!Array.isArray(param) || !param.every((size) => Number.isInteger(size) && size >= 0)) return param
  if (param.length === 1) return matrixOf(param[0])
  const [rows = 1, ...others] = param
  return [rows, others.reduce((product, size) => product * size, 1)]
}

/** Arrays and shapes of any dimensions as matrices, in parameters of any form. */
export function asMatrices(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || ArrayBuffer.isView(params)) return params
  if (Array.isArray(params)) {
    const grouped = params.some((group) => typeof group === 'object' && group !== null && 'params' in group)
    return params.map(grouped ? asMatrices : asMatrix)
  }
  if ('params' in params) return { ...params, params: asMatrices(params.params) }
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, asMatrix(value)]))
}

/** The class of a rule of matrices, taking arrays and shapes of one dimension as the others do. */
const shaping = (Class: AnyClass): AnyClass =>
  class extends Class {
    constructor(params: cauchy.Params, options?: object) {
      super(asMatrices(params) as cauchy.Params, options)
    }
  }

function tested(name: string, Class: AnyClass): AnyClass {
  if (rows[name]?.closure) return closing(Class)
  return rows[name]?.matrix ? shaping(Class) : Class
}

/** Every exported optimizer class by name. */
export const classes: Record<string, AnyClass> = Object.fromEntries(
  Object.entries(cauchy as unknown as Record<string, AnyClass>)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof cauchy.Optimizer)
    .map(([name, Class]) => [name, tested(name, Class)]),
)

/** One step of a rule on tensors in float64, in place; `options` are a group's, complete. */
export function update(
  name: string,
  tensors: readonly Tensor[],
  grads: readonly ArrayLike<number>[],
  t: number,
  options: Options,
): void {
  const betas = (options.betas as number[] | undefined) ?? []
  const numbers: Numbers = { ...options }
  betas.forEach((beta, k) => {
    numbers[`beta${k + 1}`] = beta
  })
  const signed = grads.map((grad) => Array.from(grad, (x) => (options.maximize ? -x : x)))
  const { formula, together } = rows[name]
  if (formula) tensors.forEach((tensor, k) => void formula(tensor, signed[k], t, numbers))
  else together?.(tensors, signed, t, numbers)
}
