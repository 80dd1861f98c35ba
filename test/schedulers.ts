// Every learning-rate scheduler by its name, optimizers to schedule, and the rates that come of it.
import {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  SGD,
  StepLR,
} from 'cauchy'
import { expect } from 'vitest'

export type Optimizer = SGD
export interface Scheduler {
  step(metric?: number): unknown
  readonly lastLr: number[]
  stateDict(): unknown
  loadStateDict(state: unknown): void
}

/** The classes without the types of their options. */
export const classes = {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} as unknown as Record<string, new (optimizer: unknown, options?: unknown) => Scheduler>

/** An optimizer with a group for each rate. */
export function sgd(...lrs: number[]): Optimizer {
  const groups = lrs.map((lr, i) => ({ params: { [`w${i}`]: new Float32Array(1) }, lr }))
  return new SGD(groups, { lr: 1 })
}

export const rates = (optimizer: Optimizer) => optimizer.groups.map((group) => group.lr)

/**
 * The first group's rate, or what `read` gives, before and after each of n steps; before step t the rate is assigned
 * `assign[t]`.
 */
export function trace(
  optimizer: Optimizer,
  scheduler: Scheduler,
  n: number,
  assign: Record<number, number> = {},
  read = () => optimizer.groups[0].lr,
): number[] {
  const seen = [read()]
  for (let t = 0; t < n; t++) {
    if (t in assign) optimizer.groups[0].lr = assign[t]
    scheduler.step()
    seen.push(read())
  }
  return seen
}

export function expectClose(got: readonly number[], wanted: readonly number[], tolerance = 1e-12) {
  expect(got).toHaveLength(wanted.length)
  got.forEach((value, i) => {
    const error = Math.abs(value - wanted[i])
    expect(error, `[${i}]: ${value} for ${wanted[i]}`).toBeLessThanOrEqual(tolerance * Math.abs(wanted[i]))
  })
}
