// Momentum that falls while the rate rises: what CyclicLR and OneCycleLR do to `momentum` or `betas[0]`.
import { checkBoolean, kindError } from '../check'
import type { Curve } from '../schedules/curves'
import { assignAll, checkAll, type HyperParameter, numericParameters } from './hyper-parameters'
import { checkPerGroup, type Scheduled } from './rates'

export interface MomentumCycleOptions {
  /** Whether the momentum (`betas[0]` in rules of Adam's kind) cycles against the rate. Default true. */
  cycleMomentum?: boolean
  /** The momentum where the rate is highest, for all groups or one a group. */
  baseMomentum?: number | readonly number[]
  /** The momentum where the rate is lowest, for all groups or one a group. */
  maxMomentum?: number | readonly number[]
}

export const momentumOptions = ['cycleMomentum', 'baseMomentum', 'maxMomentum'] as const

/** momentum(t) = max − (max − base) · h(t) */
export class MomentumCycle {
  readonly #targets: readonly HyperParameter[]
  readonly #base: readonly number[]
  readonly #max: readonly number[]
  readonly #curve: Curve

  constructor(
    targets: readonly HyperParameter[],
    base: readonly number[],
    max: readonly number[],
    curve: Curve,
  ) {
    this.#targets = targets
    this.#base = base
    this.#max = max
    this.#curve = curve
  }

  read(): number[] {
    return this.#targets.map((target) => target.get())
  }

  /** Sets the momentum of step t in every group, or in none when one refuses it. */
  write(t: number): void {
    const h = this.#curve(t)
    assignAll(
      this.#targets,
      this.#max.map((max, i) => max - (max - this.#base[i]) * h),
    )
  }

  /** Checks saved values and returns what installs them. */
  prepare(values: readonly number[]): () => void {
    checkAll(this.#targets, values)
    return () => assignAll(this.#targets, values)
  }
}

/** The three options, the ends of the range tried on every group; undefined if the momentum is not to cycle. */
export function checkMomentumCycle(
  who: string,
  optimizer: Scheduled,
  options: Record<string, unknown>,
  defaults: { base: number; max: number },
  curve: Curve,
): MomentumCycle | undefined {
  const { cycleMomentum = true, baseMomentum = defaults.base, maxMomentum = defaults.max } = options
  const groups = optimizer.groups.length
  const base = checkPerGroup(`${who}: baseMomentum`, baseMomentum, groups)
  const max = checkPerGroup(`${who}: maxMomentum`, maxMomentum, groups)
  if (!checkBoolean(`${who}: cycleMomentum`, cycleMomentum)) return undefined
  const targets = optimizer.groups.map((group) => {
    const parameters = numericParameters(group)
    const target = parameters.get('betas[0]') ?? parameters.get('momentum')
    if (target === undefined) {
      throw kindError(`${who}: cycleMomentum`, 'false for an optimizer without momentum or betas', true)
    }
    return target
  })
  for (const values of [base, max]) tryMomentum(who, targets, values)
  return new MomentumCycle(targets, base, max, curve)
}

function tryMomentum(who: string, targets: readonly HyperParameter[], values: readonly number[]): void {
  try {
    checkAll(targets, values)
  } catch (cause) {
    const Kind = cause instanceof RangeError ? RangeError : TypeError
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Kind(`${who}: cycleMomentum must be false where the groups refuse the momentum (${why})`, {
      cause,
    })
  }
}
