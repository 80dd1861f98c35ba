// The learning-rate schedulers: stateful classes with PyTorch's names, options and numbers.
export type {
  ConstantLROptions,
  CosineAnnealingLROptions,
  ExponentialLROptions,
  LinearLROptions,
  MultiStepLROptions,
  PolynomialLROptions,
  StepLROptions,
} from '../schedules/curves'
export type { CosineAnnealingWarmRestartsOptions } from '../schedules/restarts'
export { LRScheduler } from './base'
export { ChainedScheduler, type ChainedSchedulerOptions } from './chained'
export { ConstantLR } from './constant'
export { CosineAnnealingLR } from './cosine-annealing'
export { CosineAnnealingWarmRestarts } from './cosine-annealing-warm-restarts'
export { CyclicLR, type CyclicLROptions } from './cyclic'
export { ExponentialLR } from './exponential'
export { LambdaLR, type LambdaLROptions } from './lambda'
export { LinearLR } from './linear'
export type { MomentumCycleOptions } from './momentum-cycle'
export { MultiStepLR } from './multi-step'
export { MultiplicativeLR, type MultiplicativeLROptions } from './multiplicative'
export { OneCycleLR, type OneCycleLROptions } from './one-cycle'
export { type ParamSchedule, ParamScheduler, type ParamSchedulerOptions } from './param-scheduler'
export { PolynomialLR } from './polynomial'
export type { Scheduled, SchedulerState } from './rates'
export { type PlateauInfo, ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './reduce-on-plateau'
export { SequentialLR, type SequentialLROptions } from './sequential'
export { StepLR } from './step'
