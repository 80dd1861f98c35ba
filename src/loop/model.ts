// Joins a problem to an optimizer: its parameters and gradients by name, whoever owns the arrays.
import { checkFunction, kindError, show } from '../check'
import type { Problem, Tensors } from '../problem'
import type { FloatArray, OptimizerLike, StepInfo, StepOptions } from '../types'

type Arrays = Readonly<Record<string, FloatArray>> | readonly FloatArray[]

/** What `fit` and `minimize` need of an optimizer; every optimizer of this package has it. */
export interface LoopOptimizer extends OptimizerLike {
  /** Gradient arrays in the parameters' form, which `step()` without gradients reads. */
  readonly grads: Arrays
  /** Whether `step` takes a closure alone. Default false. */
  readonly needsClosure?: boolean
  /** Training mode, and evaluation mode: the two differ for schedule-free rules. */
  train(): void
  eval(): void
}

export interface Model {
  readonly optimizer: LoopOptimizer
  readonly params: Tensors
  readonly grads: Tensors
}

/** The optimizer's arrays by name; those of a list are named '0', '1', … */
export function openOptimizer(who: string, optimizer: LoopOptimizer): Model {
  for (const member of ['step', 'train', 'eval'] as const) {
    checkFunction(`${who}: optimizer.${member}`, optimizer?.[member])
  }
  return {
    optimizer,
    params: named(`${who}: optimizer.params`, optimizer.params),
    grads: named(`${who}: optimizer.grads`, optimizer.grads),
  }
}

/**
 * One step from the loss and the gradients that were just evaluated, which are what a closure gives at first.
 * @param again evaluates the same loss at the parameters as they are, its gradients into `grads`
 */
export function advance(
  optimizer: LoopOptimizer,
  loss: number,
  again: () => number,
  options: StepOptions,
): StepInfo {
  if (!optimizer.needsClosure) return optimizer.step(undefined, options)
  let evaluate = () => {
    evaluate = again
    return loss
  }
  return (optimizer as LoopOptimizer & TakesClosure).step(() => evaluate(), options)
}

interface TakesClosure {
  step(closure: () => number, options: StepOptions): StepInfo
}

function named(who: string, arrays: Arrays): Tensors {
  if (typeof arrays !== 'object' || arrays === null) throw kindError(who, 'typed arrays', arrays)
  return Object.fromEntries(Object.entries(arrays))
}

/** Throws unless the optimizer has the problem's tensors: an array of the wrong length would read as NaN far away. */
export function checkSameTensors(problem: Problem, got: Tensors): void {
  const wanted = problem.params(0)
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
    const [wantedLength, gotLength] = [wanted[name]?.length, got[name]?.length]
    if (wantedLength === gotLength) continue
    throw new RangeError(
      `fit: optimizer.params must be those of ${problem.name}, where ${show(name)} has ` +
        `${lengthText(wantedLength)}, got ${lengthText(gotLength)}`,
    )
  }
}

function lengthText(length: number | undefined): string {
  if (length === undefined) return 'no array'
  return length === 1 ? '1 element' : `${length} elements`
}
