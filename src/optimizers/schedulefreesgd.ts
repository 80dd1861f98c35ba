// Schedule-free gradient descent: options, coefficients of its steps and modes, documentation.
import { pow } from '../math/functions'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, integer, number, rate } from '../options'
import type { CommonOptions, Rule, TensorStep } from '../rule'
import type { ParamsInput } from '../types'

/** What both schedule-free rules take. */
export interface ScheduleFreeOptions extends CommonOptions {
  weightDecay: number
  warmupSteps: number
  r: number
  weightLrPower: number
}

export interface ScheduleFreeSGDOptions extends ScheduleFreeOptions {
  momentum: number
}

export const scheduleFreeOptions = (lr: number): Rule<ScheduleFreeOptions>['options'] => ({
  lr: rate(lr),
  weightDecay: rate(0),
  warmupSteps: integer(0, 0),
  r: rate(0),
  weightLrPower: rate(2),
  maximize: flag(false),
})

const warmedRate = ({ lr, warmupSteps }: ScheduleFreeOptions, t: number) =>
  t < warmupSteps ? lr * (t / warmupSteps) : lr

const averageWeight = ({ r, weightLrPower }: ScheduleFreeOptions, t: number, lrMax: number) =>
  pow(t, r) * pow(lrMax, weightLrPower)

/** Everything the schedule-free rules share but their direction. */
export const scheduleFreeBase = {
  structural: [],
  scalars: () => ({ weightSum: 0, lrMax: 0 }),
  initial: (_options: unknown, slot: string) => (slot === 'z' ? 'params' : 0),
  modes: { eval: 'scheduleFreeMode', train: 'scheduleFreeMode' },
  perTensor: true,
  combine(_pass: number, options: ScheduleFreeOptions, tensors: readonly TensorStep[]) {
    for (const { t, scalars } of tensors) {
      scalars[1] = Math.max(scalars[1], warmedRate(options, t))
      scalars[0] += averageWeight(options, t, scalars[1])
    }
  },
} satisfies Partial<Rule<ScheduleFreeOptions>>

/** The coefficients of all passes and modes; `beta` is how far the parameters lean towards the average. */
export function scheduleFreeCoefficients(
  pass: number | 'eval' | 'train',
  options: ScheduleFreeOptions,
  beta: number,
  { t, scalars: [weightSum, lrMax] }: TensorStep,
  c: Float64Array,
  k: number,
): void {
  if (typeof pass === 'string') {
    c[k] = 1 - (pass === 'eval' ? 1 / beta : beta)
    return
  }
  const lr = warmedRate(options, t)
  const weight = weightSum === 0 ? 0 : averageWeight(options, t, lrMax) / weightSum
  c[k] = weight
  c[k + 1] = lr * (1 - beta * (1 - weight))
  c[k + 2] = lr
}

export const scheduleFreeSGD: Rule<ScheduleFreeSGDOptions> = {
  ...scheduleFreeBase,
  name: 'ScheduleFreeSGD',
  options: {
    ...scheduleFreeOptions(1),
    momentum: number(0.9, { min: 0, max: 1, openMin: true, openMax: true }),
  },
  state: () => ['z'],
  passes: () => ['scheduleFreeSgd'],
  l2: ({ weightDecay }) => weightDecay,
  coefficients(pass, options, tensor, c, k) {
    scheduleFreeCoefficients(pass, options, options.momentum, tensor, c, k)
  },
}

/**
 * Schedule-free gradient descent: an average of the steps in place of a decaying rate, with no end to be known.
 *
 * ```text
 * y = (1 − β)·z + β·x            the parameters while training: where the gradient is taken
 * z ← z − γ·(g + λ·y)            γ = η·min(1, t/warmupSteps)
 * x ← (1 − c)·x + c·z            c = w / Σ w, w = tʳ·(largest γ so far)^weightLrPower
 * ```
 *
 * `eval()` puts the average x into the parameters, `train()` brings y back; a step in evaluation mode throws. Save the
 * parameters in either mode: the state remembers which.
 *
 * Options: `lr` η ≥ 0, default 1 · `momentum` β in (0, 1), default 0.9 · `weightDecay` λ ≥ 0 (L2 at y), default 0 ·
 * `warmupSteps` an integer ≥ 0, default 0 · `r` ≥ 0, default 0 · `weightLrPower` ≥ 0, default 2 · `maximize`, default
 * false.
 *
 * State: `z` (the parameter's shape), `weightSum` Σ w, `lrMax` the largest γ (numbers).
 *
 * Source: Defazio et al., "The Road Less Scheduled" (2024), with the definitions and defaults of the authors' package
 * `schedulefree`.
 *
 * Deviations: it starts in training mode; warm-up and weights count each tensor's own steps. Gradients and z − y below
 * 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero. `eval()` and `train()` round: going there and back may change last bits.
 * `preset` 'keras' is refused: its weights follow the present rate, not the largest so far.
 *
 * @example
 * ```ts
 * import { ScheduleFreeSGD } from 'cauchy'
 * const w = Float64Array.of(8)
 * const opt = new ScheduleFreeSGD({ w }, { lr: 1, momentum: 0.5 })
 * for (const g of [1, 2, 3]) opt.step({ w: Float64Array.of(g) })
 * opt.eval()
 * w[0] // → 4.666666666666667: the mean of z = 7, 5, 2
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class ScheduleFreeSGD<
  const P extends ParamsInput<ScheduleFreeSGDOptions> = ParamsInput<ScheduleFreeSGDOptions>,
> extends Optimizer<ScheduleFreeSGDOptions, P> {
  constructor(params: P, options?: Partial<ScheduleFreeSGDOptions> & OptimizerOptions) {
    super(scheduleFreeSGD, params, options)
  }
}
