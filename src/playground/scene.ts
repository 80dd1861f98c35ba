// A scene: everything that decides what the page computes and shows, and so everything that a link holds.
import { checkInteger, checkNumber } from '../check'
import { PALETTE } from '../palette'
import { defaultsOf, type Options } from './catalogue'

export interface Racer {
  /** A key of the catalogue. */
  readonly optimizer: string
  /** Every hyper-parameter shown, `lr` among them. */
  readonly options: Options & { readonly lr: number }
}

export interface Scene {
  readonly landscape: string
  readonly start: readonly [number, number]
  /** Steps of a run. */
  readonly steps: number
  /** A key of SCHEDULES; every racer follows it from its own learning rate. */
  readonly schedule: string
  /** Standard deviation of the normal noise added to each component of the gradient. */
  readonly noise: number
  /** Of the noise, which is the same for every racer. */
  readonly seed: number
  readonly dtype: 'float32' | 'float64'
  /** Steps shown in a second. */
  readonly speed: number
  readonly racers: readonly Racer[]
}

/** As many as there are colours. */
export const MOST_RACERS = PALETTE.length
/** What a scene's numbers may be, typed into the page or read from a link. */
export const CHECKS = {
  steps: (who: string, value: number) => checkInteger(who, value, 1, 5000),
  noise: (who: string, value: number) => checkNumber(who, value, { min: 0 }),
  seed: (who: string, value: number) => checkInteger(who, value, 0),
} as const
export const SPEEDS = [10, 30, 60, 120, 300, 1000] as const

export function racer(optimizer: string, options: Options = {}): Racer {
  return { optimizer, options: { ...defaultsOf(optimizer), ...options } as Racer['options'] }
}

export const initialScene = (): Scene => ({
  landscape: 'rosenbrock',
  start: [-1.2, 1],
  steps: 500,
  schedule: 'constant',
  noise: 0,
  seed: 1,
  dtype: 'float64',
  speed: 120,
  racers: [
    racer('SGD', { lr: 0.002 }),
    racer('Momentum', { lr: 0.001 }),
    racer('RMSprop', { lr: 0.01 }),
    racer('Adam', { lr: 0.1 }),
    racer('LBFGS', { lr: 1 }),
  ],
})
