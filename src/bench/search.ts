// Which settings of an optimizer are tried: a log grid over its rate, or quasi-random points of its whole space.

import { exp, ln } from '../math/functions'
import { createRandom } from '../random'
import type { Axis } from './contenders'

const BASES = [2, 3, 5, 7, 11]

/** The value at u in [0, 1] of an axis, to three digits. */
function valueAt({ min, max, scale }: Axis, u: number): number {
  if (scale === 'linear') return round(min + u * (max - min))
  if (scale === 'log') return round(exp(ln(min) + u * (ln(max) - ln(min))))
  return 1 - round(exp(ln(1 - min) + u * (ln(1 - max) - ln(1 - min))))
}

const round = (value: number) => Number(value.toPrecision(3))

/** Rates from min to max, evenly spaced in log. */
function grid({ lr }: Readonly<Record<string, Axis>>, trials: number): Record<string, number>[] {
  return Array.from({ length: trials }, (_, i) => ({
    lr: valueAt(lr, trials === 1 ? 0.5 : i / (trials - 1)),
  }))
}

/** The i-th number of the van der Corput sequence: i's digits mirrored at the point. */
function vanDerCorput(i: number, base: number): number {
  let [value, unit] = [0, 1 / base]
  for (let rest = i; rest > 0; rest = Math.floor(rest / base)) {
    value += (rest % base) * unit
    unit /= base
  }
  return value
}

/**
 * Halton's points (Numerische Mathematik 2, 1960), one prime base an axis, shifted modulo 1 by seeded offsets
 * (Cranley and Patterson, 1976).
 */
function halton(space: Readonly<Record<string, Axis>>, trials: number): Record<string, number>[] {
  const random = createRandom(0)
  const axes = Object.entries(space).map(([name, axis], k) => ({
    name,
    axis,
    base: BASES[k],
    shift: random.uniform(),
  }))
  return Array.from({ length: trials }, (_, i) =>
    Object.fromEntries(
      axes.map(({ name, axis, base, shift }) => [
        name,
        valueAt(axis, (vanDerCorput(i + 1, base) + shift) % 1),
      ]),
    ),
  )
}

export function settingsOf(
  space: Readonly<Record<string, Axis>>,
  search: 'grid' | 'random',
  trials: number,
): Record<string, number>[] {
  return search === 'grid' ? grid(space, trials) : halton(space, trials)
}
