// A learning-rate sweep: one racer's run at rates over eight decades, and the zones of the spectrum that it shows.
import { ln, pow } from '../math/functions'
import { landscapeOf } from './landscapes'
import { type Run, runInPieces } from './run'
import type { Racer, Scene } from './scene'

/** Learning rates are powers of ten with exponents in this range. */
export const EXPONENTS = { min: -7, max: 1, step: 0.05 } as const

/** The rate of an exponent, to three digits. */
export const rateOf = (exponent: number) => Number(pow(10, exponent).toPrecision(3))

/** The exponent of a rate: where it is on the slider. */
export const exponentOf = (lr: number) => Math.min(Math.max(ln(lr) / Math.LN10, EXPONENTS.min), EXPONENTS.max)

/** In order of the rate. 'unstable': it keeps within bounds, but the steps are too long to settle. */
export type Zone = 'stagnates' | 'just right' | 'unstable' | 'diverges'

export interface Trial {
  readonly lr: number
  /** How many powers of ten the loss came closer to the least; -Infinity where it diverged. */
  readonly progress: number
  readonly diverged: boolean
  /** Whether it came down to a point where the gradient vanishes, the least loss or not. */
  readonly settled: boolean
}

export interface Sweep {
  readonly trials: readonly (Trial & { readonly zone: Zone })[]
  /** The rate of most progress: the middle one of those as good. */
  readonly best: Trial
  /** The lowest rate that is just right. */
  readonly lowest: number
}

/** Powers of ten beyond this are all the same success. */
const ENOUGH = 6

/** The median loss of a run's last twentieth: what it settled at, noise and bounces aside. */
export function settledLoss({ losses }: Run): number {
  const last = losses.slice(-Math.ceil(losses.length / 20)).sort()
  return last[last.length >> 1]
}

export function trialOf(scene: Scene, lr: number, done: Run, least: number | undefined): Trial {
  const end = settledLoss(done)
  const first = done.losses[0]
  // Without a least loss, the way down is measured in losses of the start.
  const floor = least ?? Math.min(end, first) - Math.max(1, Math.abs(first))
  const before = Math.max(first - floor, Number.MIN_VALUE)
  const gap = Math.max((end - floor) / before, 10 ** -ENOUGH)
  const lost = done.diverged && !(least === undefined && end < first)
  const progress = lost || end > first ? Number.NEGATIVE_INFINITY : -ln(gap) / Math.LN10
  return {
    lr,
    progress,
    diverged: lost || (end > first && scene.noise === 0),
    settled: done.settled && progress > 0.05,
  }
}

const isRight = ({ progress, diverged, settled }: Trial, best: Trial) =>
  !diverged && (settled || (best.progress > 0.05 && progress >= best.progress / 3))

/** The zone of a trial among those of a sweep. */
export function zoneOf(trial: Trial, { best, lowest }: Pick<Sweep, 'best' | 'lowest'>): Zone {
  if (trial.diverged) return 'diverges'
  if (isRight(trial, best)) return 'just right'
  return trial.lr < lowest ? 'stagnates' : 'unstable'
}

/** Sweeps the rates, piece by piece. */
export function* sweep(scene: Scene, racer: Racer): Generator<void, Sweep> {
  const { least } = landscapeOf(scene.landscape)
  const trials: Trial[] = []
  const { min, max, step } = EXPONENTS
  const count = Math.round((max - min) / (2 * step))
  for (let k = 0; k <= count; k++) {
    const lr = rateOf(min + 2 * step * k)
    const done = yield* runInPieces(scene, { ...racer, options: { ...racer.options, lr } })
    trials.push(trialOf(scene, lr, done, least))
    yield
  }
  const most = Math.max(...trials.map(({ progress }) => progress))
  const good = trials.filter(({ progress }) => progress >= most - 0.01)
  const best = good[good.length >> 1]
  const lowest = trials.find((trial) => isRight(trial, best))?.lr ?? Number.POSITIVE_INFINITY
  return {
    trials: trials.map((trial) => ({ ...trial, zone: zoneOf(trial, { best, lowest }) })),
    best,
    lowest,
  }
}
