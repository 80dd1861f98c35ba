// Wrong arguments of the schedulers: what is thrown, and that the rates stay.
import { describe, expect, it } from 'vitest'
import { classes, sgd } from './schedulers'

describe('errors', () => {
  it.each<[string, unknown, string]>([
    ['StepLR', undefined, 'StepLR: stepSize must be an integer ≥ 1, got undefined'],
    ['StepLR', { stepSize: 0 }, 'StepLR: stepSize must be an integer ≥ 1, got 0'],
    ['StepLR', { stepSize: 2, gamma: -0.1 }, 'StepLR: gamma must be in [0, Infinity), got -0.1'],
    ['StepLR', { step_size: 2 }, 'StepLR: unknown option "step_size"; did you mean "stepSize"?'],
    ['MultiStepLR', {}, 'MultiStepLR: milestones must be an array of integers, got undefined'],
    ['MultiStepLR', { milestones: [1, 2.5] }, 'MultiStepLR: milestones[1] must be an integer ≥ 0, got 2.5'],
    [
      'MultiStepLR',
      { milestones: [], gamma: '1' },
      'MultiStepLR: gamma must be a number in [0, Infinity), got "1"',
    ],
    ['ExponentialLR', {}, 'ExponentialLR: gamma must be a number in [0, Infinity), got undefined'],
    ['ExponentialLR', { gamma: -1 }, 'ExponentialLR: gamma must be in [0, Infinity), got -1'],
    ['ExponentialLR', { k: Number.NaN }, 'ExponentialLR: k must be in [0, Infinity), got NaN'],
    ['ExponentialLR', { gamma: 0.9, k: 0.1 }, 'ExponentialLR: give gamma or k, not both'],
    ['CosineAnnealingLR', { tMax: 0 }, 'CosineAnnealingLR: tMax must be an integer ≥ 1, got 0'],
    ['CosineAnnealingLR', { T_max: 5 }, 'CosineAnnealingLR: unknown option "T_max"; did you mean "tMax"?'],
    [
      'CosineAnnealingLR',
      { tMax: 5, etaMin: -1 },
      'CosineAnnealingLR: etaMin must be in [0, Infinity), got -1',
    ],
    ['LinearLR', { startFactor: 1.1 }, 'LinearLR: startFactor must be in [0, 1], got 1.1'],
    ['LinearLR', { endFactor: -0.1 }, 'LinearLR: endFactor must be in [0, 1], got -0.1'],
    ['LinearLR', { totalIters: -1 }, 'LinearLR: totalIters must be an integer ≥ 0, got -1'],
    ['ConstantLR', { factor: 2 }, 'ConstantLR: factor must be in [0, 1], got 2'],
    ['ConstantLR', { totalIters: 1.5 }, 'ConstantLR: totalIters must be an integer ≥ 0, got 1.5'],
    ['PolynomialLR', { power: -1 }, 'PolynomialLR: power must be in [0, Infinity), got -1'],
    ['PolynomialLR', { totalIters: null }, 'PolynomialLR: totalIters must be an integer ≥ 0, got null'],
    ['LambdaLR', {}, 'LambdaLR: lrLambda must be a function or one a group, got undefined'],
    ['LambdaLR', { lrLambda: [] }, 'LambdaLR: lrLambda must be of length 1, one function a group, got []'],
    ['LambdaLR', { lrLambda: [3] }, 'LambdaLR: lrLambda[0] must be a function, got 3'],
    ['LambdaLR', { lrLambda: () => -1 }, 'LambdaLR: lrLambda(0) must be in [0, Infinity), got -1'],
    [
      'LambdaLR',
      { lrLambda: [() => '1'] },
      'LambdaLR: lrLambda[0](0) must be a number in [0, Infinity), got "1"',
    ],
    [
      'MultiplicativeLR',
      { lrLambda: 2 },
      'MultiplicativeLR: lrLambda must be a function or one a group, got 2',
    ],
    [
      'CosineAnnealingWarmRestarts',
      undefined,
      'CosineAnnealingWarmRestarts: t0 must be an integer ≥ 1, got undefined',
    ],
    [
      'CosineAnnealingWarmRestarts',
      { t0: 5, tMult: 1.5 },
      'CosineAnnealingWarmRestarts: tMult must be an integer ≥ 1, got 1.5',
    ],
    [
      'CosineAnnealingWarmRestarts',
      { t0: 5, etaMin: -1 },
      'CosineAnnealingWarmRestarts: etaMin must be in [0, Infinity), got -1',
    ],
    [
      'CosineAnnealingWarmRestarts',
      { T_0: 5 },
      'CosineAnnealingWarmRestarts: unknown option "T_0"; did you mean "t0"?',
    ],
    ['CyclicLR', {}, 'CyclicLR: baseLr must be a number in [0, Infinity), got undefined'],
    ['CyclicLR', { baseLr: [0.1, 0.2] }, 'CyclicLR: baseLr must be of length 1, one a group, got [0.1, 0.2]'],
    ['CyclicLR', { baseLr: 0, maxLr: [-1] }, 'CyclicLR: maxLr[0] must be in [0, Infinity), got -1'],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, stepSizeUp: 0 },
      'CyclicLR: stepSizeUp must be an integer ≥ 1, got 0',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, stepSizeDown: 2.5 },
      'CyclicLR: stepSizeDown must be an integer ≥ 1, got 2.5',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, mode: 'triangular3' },
      'CyclicLR: mode must be one of "triangular", "triangular2", "exp_range", got "triangular3"',
    ],
    ['CyclicLR', { baseLr: 0, maxLr: 1, gamma: -1 }, 'CyclicLR: gamma must be in [0, Infinity), got -1'],
    ['CyclicLR', { baseLr: 0, maxLr: 1, scaleFn: 1 }, 'CyclicLR: scaleFn must be a function, got 1'],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, scaleFn: () => -1, cycleMomentum: false },
      'CyclicLR: scaleFn(1) must be in [0, Infinity), got -1',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, scaleMode: 'steps' },
      'CyclicLR: scaleMode must be one of "cycle", "iterations", got "steps"',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, baseMomentum: -1 },
      'CyclicLR: baseMomentum must be in [0, Infinity), got -1',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, cycleMomentum: 1 },
      'CyclicLR: cycleMomentum must be a boolean, got 1',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1 },
      'CyclicLR: cycleMomentum must be false where the groups refuse the momentum (SGD: momentum cannot change between zero and non-zero after construction: the state is another)',
    ],
    ['OneCycleLR', { totalSteps: 5 }, 'OneCycleLR: maxLr must be a number in [0, Infinity), got undefined'],
    ['OneCycleLR', { maxLr: 1 }, 'OneCycleLR: totalSteps must be an integer ≥ 1, got undefined'],
    [
      'OneCycleLR',
      { maxLr: 1, epochs: 2 },
      'OneCycleLR: stepsPerEpoch must be an integer ≥ 1, got undefined',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, stepsPerEpoch: 2 },
      'OneCycleLR: epochs must be an integer ≥ 1, got undefined',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, epochs: 2 },
      'OneCycleLR: give totalSteps, or epochs and stepsPerEpoch, not both',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, pctStart: 1.1 },
      'OneCycleLR: pctStart must be in [0, 1], got 1.1',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, annealStrategy: 'cosine' },
      'OneCycleLR: annealStrategy must be one of "cos", "linear", got "cosine"',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, threePhase: 1 },
      'OneCycleLR: threePhase must be a boolean, got 1',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, divFactor: 0 },
      'OneCycleLR: divFactor must be in (0, Infinity), got 0',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, finalDivFactor: Number.NaN },
      'OneCycleLR: finalDivFactor must be in (0, Infinity), got NaN',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, maxMomentum: [0.9, 0.9] },
      'OneCycleLR: maxMomentum must be of length 1, one a group, got [0.9, 0.9]',
    ],
    ['SequentialLR', {}, 'SequentialLR: schedulers must be an array of schedulers, got undefined'],
    ['SequentialLR', { schedulers: [] }, 'SequentialLR: schedulers must not be empty'],
    ['ChainedScheduler', {}, 'ChainedScheduler: schedulers must be an array of schedulers, got undefined'],
    ['ChainedScheduler', { schedulers: [], milestones: [] }, 'ChainedScheduler: unknown option "milestones"'],
    ['ReduceLROnPlateau', { mode: 'low' }, 'ReduceLROnPlateau: mode must be one of "min", "max", got "low"'],
    ['ReduceLROnPlateau', { factor: 1 }, 'ReduceLROnPlateau: factor must be in [0, 1), got 1'],
    ['ReduceLROnPlateau', { patience: -1 }, 'ReduceLROnPlateau: patience must be an integer ≥ 0, got -1'],
    ['ReduceLROnPlateau', { threshold: -1 }, 'ReduceLROnPlateau: threshold must be in [0, Infinity), got -1'],
    [
      'ReduceLROnPlateau',
      { thresholdMode: 'relative' },
      'ReduceLROnPlateau: thresholdMode must be one of "rel", "abs", "rel-abs", got "relative"',
    ],
    ['ReduceLROnPlateau', { cooldown: 0.5 }, 'ReduceLROnPlateau: cooldown must be an integer ≥ 0, got 0.5'],
    ['ReduceLROnPlateau', { minLr: -1 }, 'ReduceLROnPlateau: minLr must be in [0, Infinity), got -1'],
    [
      'ReduceLROnPlateau',
      { minLr: [0, 1] },
      'ReduceLROnPlateau: minLr must be of length 1, one a group, got [0, 1]',
    ],
    ['ReduceLROnPlateau', { minLr: [-1] }, 'ReduceLROnPlateau: minLr[0] must be in [0, Infinity), got -1'],
    ['ReduceLROnPlateau', { eps: -1 }, 'ReduceLROnPlateau: eps must be in [0, Infinity), got -1'],
    ['ReduceLROnPlateau', { min_lr: 1 }, 'ReduceLROnPlateau: unknown option "min_lr"; did you mean "minLr"?'],
  ])('%s(%o) says "%s" and changes nothing', (name, options, message) => {
    const optimizer = sgd(0.1)
    expect(() => new classes[name](optimizer, options)).toThrow(message)
    expect([optimizer.groups[0].lr, optimizer.groups[0].initialLr]).toEqual([0.1, undefined])
  })

  it.each(Object.keys(classes))('%s needs an optimizer', (name) => {
    const valid = {
      StepLR: { stepSize: 1 },
      MultiStepLR: { milestones: [] },
      ExponentialLR: { gamma: 1 },
      CosineAnnealingLR: { tMax: 1 },
      CosineAnnealingWarmRestarts: { t0: 1 },
      CyclicLR: { baseLr: 0, maxLr: 1 },
      OneCycleLR: { maxLr: 1, totalSteps: 2 },
      MultiplicativeLR: { lrLambda: () => 1 },
      LambdaLR: { lrLambda: () => 1 },
    }[name]
    for (const wrong of [undefined, null, 3, {}, { groups: [] }, { groups: [{}] }]) {
      expect(() => new classes[name](wrong, valid)).toThrow(`${name}: optimizer must be an optimizer`)
    }
  })
})
