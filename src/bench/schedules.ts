// The schedules of the benchmark: factors of the learning rate over one run.
import { type Schedule, schedules } from 'cauchy'
import { ln } from '../math/functions'

export interface NamedSchedule {
  /** Its name on the command line. */
  readonly name: string
  readonly summary: string
  /** The factor after t of `steps` steps. */
  create(steps: number): Schedule
}

const share = (steps: number, part: number) => Math.max(1, Math.round(part * steps))
const lr = 1

export const namedSchedules: readonly NamedSchedule[] = [
  { name: 'constant', summary: 'the same rate all along', create: () => schedules.constant({ lr }) },
  {
    name: 'cosine',
    summary: 'half a cosine down to 0',
    create: (steps) => schedules.cosine({ lr, tMax: steps }),
  },
  {
    name: 'warmup-cosine',
    summary: '5 % linear warm-up, then half a cosine down to 0',
    create: (steps) => schedules.warmupCosine({ lr, warmupSteps: share(steps, 0.05), totalSteps: steps + 1 }),
  },
  {
    name: 'one-cycle',
    summary: '30 % up from 1/25, then down to 0, in straight lines',
    create(steps) {
      const up = share(steps, 0.3)
      return schedules.join({
        schedules: [
          schedules.linear({ lr, startFactor: 1 / 25, endFactor: 1, totalIters: up }),
          schedules.linear({ lr, startFactor: 1, endFactor: 0, totalIters: Math.max(1, steps - up) }),
        ],
        boundaries: [up],
      })
    },
  },
  {
    name: 'step',
    summary: 'a tenth after each third of the run',
    create: (steps) => schedules.step({ lr, stepSize: Math.ceil(steps / 3), gamma: 0.1 }),
  },
  {
    name: 'wsd',
    summary: '5 % linear warm-up, plateau, 20 % straight down to 0',
    create(steps) {
      const [warmupSteps, decaySteps] = [share(steps, 0.05), share(steps, 0.2)]
      return schedules.warmupStableDecay({
        lr,
        warmupSteps,
        decaySteps,
        totalSteps: Math.max(steps, warmupSteps + decaySteps),
      })
    },
  },
  {
    name: 'linear',
    summary: 'straight down to 0',
    create: (steps) => schedules.linear({ lr, startFactor: 1, endFactor: 0, totalIters: steps }),
  },
  {
    name: 'exponential',
    summary: 'down to a hundredth, by the same factor every step',
    create: (steps) => schedules.exponential({ lr, k: ln(100) / steps }),
  },
  {
    name: 'inverse-sqrt',
    summary: '5 % linear warm-up, then by 1/√t',
    create: (steps) => schedules.inverseSquareRoot({ lr, warmupSteps: share(steps, 0.05) }),
  },
]

export function scheduleOf(name: string): NamedSchedule {
  const found = namedSchedules.find((candidate) => candidate.name === name)
  if (found === undefined) throw new RangeError(`bench: there is no schedule ${JSON.stringify(name)}`)
  return found
}
