// What is compared when nothing is named: one table, a row for each budget.
import type { Config } from './records'

export interface Budget {
  readonly summary: string
  readonly problems: readonly string[]
  readonly optimizers: readonly string[]
  readonly schedules: readonly string[]
  readonly search: Config['search']
  /** Settings tried by every study. */
  readonly trials: number
  /** Seeds that the best setting is trained with. */
  readonly seeds: number
  /** Of the problems' own lengths. */
  readonly length: number
  /** Seconds that one run may take. */
  readonly timeLimit: number
}

const HANDFUL = ['SGD', 'SGD-momentum', 'RMSprop', 'AdamW', 'Lion', 'ScheduleFreeAdamW']

const USUAL = [
  'SGD',
  'SGD-momentum',
  'SGD-nesterov',
  'Adagrad',
  'RMSprop',
  'Adam',
  'AdamW',
  'NAdam',
  'RAdam',
  'Adan',
  'Lion',
  'LAMB',
  'ScheduleFreeAdamW',
  'Prodigy',
  'Muon',
]

export const budgets: Readonly<Record<Config['budget'], Budget>> = {
  quick: {
    summary: 'a first look, under two minutes on two cores',
    problems: [
      'digits-softmax',
      'digits-mlp',
      'breast-cancer',
      'wine-unscaled',
      'diabetes-huber',
      'rosenbrock',
      'ravine',
      'himmelblau',
      'quadratic-1e3',
    ],
    optimizers: HANDFUL,
    schedules: ['constant'],
    search: 'grid',
    trials: 15,
    seeds: 3,
    length: 1,
    timeLimit: 30,
  },
  standard: {
    summary: 'under twenty minutes on two cores',
    problems: ['data', 'landscape'],
    optimizers: USUAL,
    schedules: ['constant', 'warmup-cosine'],
    search: 'grid',
    trials: 15,
    seeds: 5,
    length: 1,
    timeLimit: 120,
  },
  full: {
    summary: 'every problem, each whole space by quasi-random search, hours',
    problems: ['all'],
    optimizers: ['all'],
    schedules: ['constant', 'cosine', 'warmup-cosine', 'one-cycle', 'step', 'wsd'],
    search: 'random',
    trials: 30,
    seeds: 10,
    length: 2,
    timeLimit: 600,
  },
}
