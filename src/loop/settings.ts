// The options of `fit`, checked and with their defaults filled in before anything is written.
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  kindError,
  valueError,
} from '../check'
import { checkEarlyStopping, type EarlyStoppingOptions } from '../early-stopping'
import type { FitOptions } from '../fit'
import { checkTarget, type Problem, type Target } from '../problem'
import type { StepOptions } from '../types'
import type { LoopOptimizer } from './model'

export interface Settings {
  epochs: number
  batchSize: number
  /** Undefined: the order of the data. */
  shuffleSeed: number | undefined
  accumulate: number
  scheduler: FitOptions['scheduler']
  schedulerInterval: 'step' | 'epoch'
  stepOptions: StepOptions
  validateEvery: number
  earlyStopping: EarlyStoppingOptions | undefined
  gradTolerance: number | undefined
  maxSteps: number
  maxSeconds: number
  target: Target | undefined
  signal: AbortSignal | undefined
  onProgress: FitOptions['onProgress']
}

const KNOWN = [
  'epochs',
  'batchSize',
  'shuffle',
  'seed',
  'accumulate',
  'scheduler',
  'schedulerInterval',
  'gradScale',
  'clipValue',
  'clipNorm',
  'skipNonFinite',
  'validateEvery',
  'earlyStopping',
  'gradTolerance',
  'maxSteps',
  'maxSeconds',
  'target',
  'signal',
  'onProgress',
]

export function checkFitOptions(problem: Problem, optimizer: LoopOptimizer, value: unknown): Settings {
  const options = checkOptions('fit', value, KNOWN) as FitOptions
  const { earlyStopping, gradTolerance, target, signal, scheduler, onProgress } = options
  const shuffle = checkBoolean('fit: shuffle', options.shuffle ?? true)
  const seed = checkInteger('fit: seed', options.seed ?? 0, 0)
  if (scheduler !== undefined) checkScheduler(scheduler, optimizer)
  if (scheduler?.needsMetric && options.schedulerInterval === 'step') {
    throw valueError('fit: schedulerInterval', "'epoch' for a scheduler that needs a metric", 'step')
  }
  if (gradTolerance !== undefined) checkNumber('fit: gradTolerance', gradTolerance, { min: 0 })
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw kindError('fit: signal', 'an AbortSignal', signal)
  }
  if (onProgress !== undefined) checkFunction('fit: onProgress', onProgress)
  return {
    epochs: checkInteger('fit: epochs', options.epochs ?? 100, 1),
    batchSize: checkBatchSize(problem, options.batchSize ?? 32),
    shuffleSeed: shuffle ? seed : undefined,
    accumulate: checkInteger('fit: accumulate', options.accumulate ?? 1, 1),
    scheduler,
    schedulerInterval: checkOneOf('fit: schedulerInterval', options.schedulerInterval ?? 'epoch', [
      'step',
      'epoch',
    ]),
    stepOptions: checkStepOptions(options),
    validateEvery: checkInteger('fit: validateEvery', options.validateEvery ?? 1, 1),
    earlyStopping:
      earlyStopping === undefined ? undefined : checkEarlyStopping('fit: earlyStopping', earlyStopping),
    gradTolerance,
    maxSteps: atMost(options.maxSteps, (steps) => checkInteger('fit: maxSteps', steps, 1)),
    maxSeconds: atMost(options.maxSeconds, (s) => checkNumber('fit: maxSeconds', s, { min: 0 })),
    target: target ? checkTarget('fit: target', target) : target === undefined ? problem.target : undefined,
    signal,
    onProgress,
  }
}

/** A scheduler of another optimizer would step for ever without moving this one's rate. */
function checkScheduler(scheduler: NonNullable<FitOptions['scheduler']>, { groups }: LoopOptimizer): void {
  checkFunction('fit: scheduler.step', scheduler?.step)
  // Wrappers have the groups of the optimizer inside.
  const scheduled = (scheduler as { optimizer?: Pick<LoopOptimizer, 'groups'> }).optimizer
  if (scheduled !== undefined && scheduled.groups !== groups) {
    throw new RangeError('fit: scheduler must schedule the optimizer that is trained, got one of another')
  }
}

function checkBatchSize(problem: Problem, size: unknown): number {
  const examples = problem.data?.train ?? 1
  if (size === 'full') return examples
  if (typeof size !== 'number') throw kindError('fit: batchSize', "'full' or an integer ≥ 1", size)
  return Math.min(checkInteger('fit: batchSize', size, 1), examples)
}

function checkStepOptions({ gradScale, clipValue, clipNorm, skipNonFinite }: FitOptions): StepOptions {
  const options: StepOptions = {}
  if (gradScale !== undefined) options.gradScale = checkNumber('fit: gradScale', gradScale)
  if (clipValue !== undefined) {
    options.clipValue = checkNumber('fit: clipValue', clipValue, { min: 0, openMin: true })
  }
  if (clipNorm !== undefined) {
    options.clipNorm = checkNumber('fit: clipNorm', clipNorm, { min: 0, openMin: true })
  }
  if (skipNonFinite !== undefined) {
    options.skipNonFinite = checkBoolean('fit: skipNonFinite', skipNonFinite)
  }
  return options
}

/** A budget: checked when given, else unlimited; `Infinity` says unlimited too. */
function atMost(value: number | undefined, check: (value: number) => number): number {
  return value === undefined || value === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : check(value)
}
