// The line search of L-BFGS: a step length that meets the strong Wolfe conditions, by bracketing and zooming.

/** The loss at x + t·d, and its slope along d. */
export interface Trial {
  readonly t: number
  readonly loss: number
  readonly slope: number
}

export interface Line<T extends Trial> {
  /** Evaluates x + t·d; a loss that is not a number counts as Infinity. */
  at(t: number): T
  /** Keeps the gradient of the last trial instead of the one kept before. */
  keep(): void
  /** Whether no parameter changes by more than 1e-9 over this length of t. */
  isShort(length: number): boolean
}

const SUFFICIENT_DECREASE = 1e-4
const CURVATURE = 0.9
const MAX_TRIALS = 25

/**
 * The best step length found, its gradient kept; as torch's `_strong_wolfe`. Where none will do it is `start`, at t = 0,
 * whose gradient is not kept: nothing moves from there.
 *
 * ```text
 * f(t) ≤ f(0) + 10⁻⁴·t·f′(0)   and   |f′(t)| ≤ 0.9·|f′(0)|
 * ```
 */
export function strongWolfe<T extends Trial>(line: Line<T>, start: T, firstLength: number): T {
  const isTooHigh = ({ t, loss }: T) => loss > start.loss + SUFFICIENT_DECREASE * t * start.slope
  const isFlat = ({ slope }: T) => Math.abs(slope) <= -CURVATURE * start.slope

  // Forwards, until a minimum lies between two trials.
  let before = start
  let trial = line.at(firstLength)
  let trials = 0
  for (; trials < MAX_TRIALS; trials++) {
    if (isTooHigh(trial) || (trials > 1 && trial.loss >= before.loss)) break
    if (isFlat(trial)) {
      line.keep()
      return trial
    }
    if (trial.slope >= 0) break
    const t = cubicMinimum(before, trial, trial.t + 0.01 * (trial.t - before.t), 10 * trial.t)
    line.keep()
    before = trial
    trial = line.at(t)
  }
  const bracket = [trials === MAX_TRIALS ? start : before, trial]
  const lower = () => (bracket[0].loss <= bracket[1].loss ? 0 : 1)
  let low = lower()
  if (bracket[low] === trial) line.keep()

  // Inwards, until one trial meets both conditions.
  let isStalling = false
  while (trials < MAX_TRIALS) {
    const [left, right] = [bracket[0].t, bracket[1].t].sort((a, b) => a - b)
    if (line.isShort(right - left)) break
    let t = cubicMinimum(bracket[0], bracket[1], left, right)
    const margin = 0.1 * (right - left)
    const isNearEdge = Math.min(right - t, t - left) < margin
    if (isNearEdge && (isStalling || t >= right || t <= left)) {
      t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin
      isStalling = false
    } else {
      isStalling = isNearEdge
    }
    trial = line.at(t)
    trials++
    const high = 1 - low
    if (isTooHigh(trial) || trial.loss >= bracket[low].loss) {
      bracket[high] = trial
      low = lower()
      if (bracket[low] === trial) line.keep()
      continue
    }
    line.keep()
    if (isFlat(trial)) return trial
    if (trial.slope * (bracket[high].t - bracket[low].t) >= 0) bracket[high] = bracket[low]
    bracket[low] = trial
  }
  return bracket[low]
}

/** Where the cubic through two trials and their slopes is least, within bounds; their middle where it has no minimum. */
function cubicMinimum(a: Trial, b: Trial, min = Math.min(a.t, b.t), max = Math.max(a.t, b.t)): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t)
  const d2 = Math.sqrt(d1 * d1 - a.slope * b.slope)
  const [near, far] = a.t <= b.t ? [a, b] : [b, a]
  const t = far.t - (far.t - near.t) * ((far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2))
  return Number.isNaN(t) ? (min + max) / 2 : Math.min(Math.max(t, min), max)
}
