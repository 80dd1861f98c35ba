// Functions for L-BFGS over tensors of any kind, and PyTorch's golden cases for it.
import { readFileSync } from 'node:fs'
import type { FloatArray } from 'cauchy'
import type { Evaluate } from './catalogue/lbfgs'

/** The value at x; fills the gradient. */
export type Objective = (x: ArrayLike<number>, g: number[]) => number

/** Σ 100·(x[i+1] − x[i]²)² + (1 − x[i])² */
export const rosenbrock: Objective = (x, g) => {
  let loss = 0
  g.fill(0)
  for (let i = 0; i + 1 < x.length; i++) {
    const rise = x[i + 1] - x[i] ** 2
    loss += 100 * rise ** 2 + (1 - x[i]) ** 2
    g[i] += -400 * x[i] * rise - 2 * (1 - x[i])
    g[i + 1] += 200 * rise
  }
  return loss
}

/** Σ k·x[k]²/2, k = 1 … n */
export const quadratic: Objective = (x, g) => {
  let loss = 0
  for (let k = 0; k < x.length; k++) {
    loss += ((k + 1) * x[k] ** 2) / 2
    g[k] = (k + 1) * x[k]
  }
  return loss
}

/** For a transcription over numbers. */
export const evaluateOf =
  (f: Objective): Evaluate =>
  (x) => {
    const grad = x.map(() => 0)
    return { loss: f(x, grad), grad }
  }

/** A closure over the parameters one after the other. */
export function closureOf(f: Objective, params: Iterable<FloatArray>) {
  const arrays = [...params]
  return (grads: object) => {
    const x = arrays.flatMap((array) => [...array])
    const g = x.map(() => 0)
    const loss = f(x, g)
    let at = 0
    for (const array of Object.values(grads) as FloatArray[]) {
      array.set(g.slice(at, at + array.length))
      at += array.length
    }
    return loss
  }
}

interface Case {
  problem: string
  x0: number[]
  options: Record<string, number | string>
  steps: { loss_before: number; x: number[]; func_evals: number }[]
}

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

export const golden = (
  JSON.parse(readFileSync(new URL('golden/lbfgs.json', import.meta.url), 'utf8')) as { cases: Case[] }
).cases.map(({ problem, options, ...rest }) => ({
  ...rest,
  name: `${problem} ${JSON.stringify(options)}`,
  objective: problem === 'quadratic' ? quadratic : rosenbrock,
  options: Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      camel(key),
      value === 'strong_wolfe' ? 'strongWolfe' : value,
    ]),
  ),
}))
