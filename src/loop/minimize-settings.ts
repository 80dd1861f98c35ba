// The options of `minimize`, checked and with their defaults filled in before anything is computed.
import { checkFunction, checkInteger, checkNumber, checkOptions } from '../check'
import type { MinimizeOptions } from '../minimize'
import type { StepOptions } from '../types'

export interface MinimizeSettings {
  optimizer: MinimizeOptions['optimizer']
  lr: number
  schedule: MinimizeOptions['schedule']
  maxSteps: number
  gradTolerance: number
  patience: number
  minDelta: number
  stepOptions: StepOptions
  seed: number
  onStep: MinimizeOptions['onStep']
}

const KNOWN = [
  'optimizer',
  'lr',
  'schedule',
  'maxSteps',
  'gradTolerance',
  'patience',
  'minDelta',
  'clipNorm',
  'seed',
  'onStep',
]

export function checkMinimizeOptions(value: unknown): MinimizeSettings {
  const options = checkOptions('minimize', value, KNOWN) as MinimizeOptions
  const { optimizer, lr, schedule, patience, clipNorm, onStep } = options
  if (optimizer !== undefined) checkFunction('minimize: optimizer', optimizer)
  if (optimizer !== undefined && lr !== undefined) {
    throw new TypeError(
      'minimize: lr belongs to the default optimizer; give it to your own where you make it',
    )
  }
  if (schedule !== undefined) checkFunction('minimize: schedule', schedule)
  if (onStep !== undefined) checkFunction('minimize: onStep', onStep)
  return {
    optimizer,
    lr: checkNumber('minimize: lr', lr ?? 0.1, { min: 0 }),
    schedule,
    maxSteps: checkInteger('minimize: maxSteps', options.maxSteps ?? 1000, 0),
    gradTolerance: checkNumber('minimize: gradTolerance', options.gradTolerance ?? 1e-6, { min: 0 }),
    patience:
      patience === undefined ? Number.POSITIVE_INFINITY : checkInteger('minimize: patience', patience, 1),
    minDelta: checkNumber('minimize: minDelta', options.minDelta ?? 0, { min: 0 }),
    stepOptions:
      clipNorm === undefined
        ? {}
        : { clipNorm: checkNumber('minimize: clipNorm', clipNorm, { min: 0, openMin: true }) },
    seed: checkInteger('minimize: seed', options.seed ?? 0, 0),
    onStep,
  }
}
