// The schedules on offer, fitted to the length of a run.
import { type Schedule, schedules } from 'cauchy'

interface Entry {
  readonly label: string
  create(lr: number, steps: number): Schedule
}

const part = (steps: number, share: number) => Math.max(1, Math.round(steps * share))

/** By the name that links use. */
export const SCHEDULES: Readonly<Record<string, Entry>> = {
  constant: { label: 'Constant', create: (lr) => schedules.constant({ lr }) },
  step: {
    label: 'Step decay: ÷10 after each third',
    create: (lr, steps) => schedules.step({ lr, stepSize: Math.ceil(steps / 3), gamma: 0.1 }),
  },
  exponential: {
    label: 'Exponential decay to 1 %',
    create: (lr, steps) => schedules.exponential({ lr, k: 4.6 / steps }),
  },
  linear: {
    label: 'Linear decay to 0',
    create: (lr, steps) => schedules.linear({ lr, startFactor: 1, endFactor: 0, totalIters: steps }),
  },
  cosine: { label: 'Cosine annealing to 0', create: (lr, steps) => schedules.cosine({ lr, tMax: steps }) },
  warmupCosine: {
    label: 'Warm-up (10 %), then cosine',
    create: (lr, steps) =>
      schedules.warmupCosine({ lr, warmupSteps: Math.floor(steps / 10), totalSteps: steps }),
  },
  warmupStableDecay: {
    label: 'Warm-up, stable, decay',
    create: (lr, steps) =>
      schedules.warmupStableDecay({
        lr,
        warmupSteps: Math.floor(steps / 10),
        decaySteps: part(steps, 0.2),
        totalSteps: steps,
      }),
  },
  inverseSquareRoot: {
    label: 'Warm-up, then inverse square root',
    create: (lr, steps) => schedules.inverseSquareRoot({ lr, warmupSteps: part(steps, 0.1) }),
  },
}
