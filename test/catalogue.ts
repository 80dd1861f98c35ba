// The optimizers under test, taken from the package's own exports, each with its row of ./catalogue.
/// <reference types="vite/client" />
import * as cauchy from 'cauchy'
import type { Numbers, Options, Row, Tensor } from './catalogue/row'

export type { Options, Row, Tensor } from './catalogue/row'
export type AnyOptimizer = cauchy.Optimizer<cauchy.SGDOptions>
export type AnyClass = new (params: cauchy.Params, options?: object) => AnyOptimizer

/** Every exported optimizer class by name. */
export const classes = Object.fromEntries(
  Object.entries(cauchy).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof cauchy.Optimizer,
  ),
) as unknown as Record<string, AnyClass>

const files = import.meta.glob<{ rows?: Record<string, Row> }>('./catalogue/*.ts', { eager: true })

/** Every row by the optimizer's name. */
export const rows: Record<string, Row> = Object.assign({}, ...Object.values(files).map((file) => file.rows))

/** One step of a rule on a tensor in float64, in place; `options` are a group's, complete. */
export function update(
  name: string,
  tensor: Tensor,
  grad: ArrayLike<number>,
  t: number,
  options: Options,
): void {
  const betas = (options.betas as number[] | undefined) ?? []
  const numbers: Numbers = { ...options }
  betas.forEach((beta, k) => {
    numbers[`beta${k + 1}`] = beta
  })
  const g = Array.from(grad, (x) => (options.maximize ? -x : x))
  rows[name].formula(tensor, g, t, numbers)
}
