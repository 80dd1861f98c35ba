// The gradient of one step: a single batch, or the mean over several accumulated micro-batches.
import { kindError } from '../check'
import type { Problem, Tensors } from '../problem'
import { maxAbs } from '../reduce'

export class Gradient {
  /** Micro-batches added since the last `finish`. */
  count = 0
  private examples = 0
  /** The micro-batches of the step under way, and those of the last one. */
  private batches: (Uint32Array | undefined)[] = []
  private last: readonly (Uint32Array | undefined)[] = []
  private loss = 0
  private readonly sums: Record<string, Float64Array> | undefined

  constructor(
    private readonly problem: Problem,
    private readonly params: Tensors,
    private readonly grads: Tensors,
    accumulate: number,
  ) {
    if (accumulate === 1) return
    const zeros = Object.entries(grads).map(([name, { length }]) => [name, new Float64Array(length)])
    this.sums = Object.fromEntries(zeros)
  }

  /** Evaluates one micro-batch. */
  add(batch: Uint32Array | undefined): void {
    const loss = evaluate(this.problem, this.params, this.grads, batch)
    // Weighing each micro-batch by its size makes the result the mean over all examples, even when the last is short.
    const weight = batch?.length ?? 1
    this.count++
    this.batches.push(batch)
    this.examples += weight
    this.loss += weight * loss
    if (this.sums === undefined) return
    for (const name in this.sums) addScaled(this.sums[name], this.grads[name], weight)
  }

  /** Leaves the mean gradient in `grads`, starts afresh, and returns the mean loss and its number of examples. */
  finish(): { loss: number; examples: number } {
    const { examples, sums } = this
    const loss = this.loss / examples
    for (const name in sums) takeMean(sums[name], this.grads[name], examples)
    this.last = this.batches
    this.batches = []
    this.count = 0
    this.examples = 0
    this.loss = 0
    return { loss, examples }
  }

  /** Evaluates what was finished last once more, at the parameters as they are now. */
  again(): number {
    for (const batch of this.last) this.add(batch)
    return this.finish().loss
  }
}

/** `problem.lossAndGrad`, insisting on a number: a forgotten `return` or a promise would look like divergence. */
export function evaluate(
  problem: Problem,
  params: Tensors,
  grads: Tensors,
  batch: Uint32Array | undefined,
): number {
  const loss: unknown = problem.lossAndGrad(params, grads, batch)
  if (typeof loss !== 'number') throw kindError(`${problem.name}: the loss returned`, 'a number', loss)
  return loss
}

/** ‖g‖₂ over all tensors, summed in double precision; NaN or infinite when an element is. */
export function norm(tensors: Tensors): number {
  const sum = sumOfSquares(tensors, 1)
  if (sum > 2 ** -900 && sum < Number.POSITIVE_INFINITY) return Math.sqrt(sum)
  // Squares that leave the range of doubles: relative to the largest element.
  const max = maxAbs(Object.values(tensors))
  return max > 0 && max < Number.POSITIVE_INFINITY ? max * Math.sqrt(sumOfSquares(tensors, max)) : max
}

function sumOfSquares(tensors: Tensors, unit: number): number {
  let sum = 0
  for (const name in tensors) {
    const array = tensors[name]
    for (let i = 0; i < array.length; i++) {
      const x = array[i] / unit
      sum += x * x
    }
  }
  return sum
}

/** Whether no element is NaN or infinite. */
export function allFinite(tensors: Tensors): boolean {
  for (const name in tensors) {
    const array = tensors[name]
    for (let i = 0; i < array.length; i++) if (array[i] - array[i] !== 0) return false
  }
  return true
}

function addScaled(sum: Float64Array, array: ArrayLike<number>, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += weight * array[i]
}

function takeMean(sum: Float64Array, mean: { [i: number]: number }, count: number): void {
  for (let i = 0; i < sum.length; i++) mean[i] = sum[i] / count
  sum.fill(0)
}
