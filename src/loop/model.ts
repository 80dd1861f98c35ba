// Joins a problem to an optimizer: its parameters and gradients by name, whoever owns the arrays.
import { checkFunction, kindError, show } from '../check'
import type { Problem, Tensors } from '../problem'
import type { FloatArray, OptimizerLike, StepInfo, StepOptions } from '../types'

type Arrays = Readonly<Record<string, FloatArray>> | readonly FloatArray[]

/** What `fit` and `minimize` need of an optimizer; every optimizer of this package has it. */
export interface LoopOptimizer extends OptimizerLike {
  /** Gradient arrays in the parameters' form, which `step()` without gradients reads. */
  readonly grads: Arrays
  /** Whether `step` must be given a closure, which it may call several times. Default false. */
  readonly needsClosure?: boolean
  /** The names of parameters that steps leave alone, whose gradients need not be written. Default none. */
  readonly frozen?: readonly string[]
  /** Training mode, and evaluation mode: the two differ for schedule-free rules. */
  train(): void
  eval(): void
}

export interface Model {
  readonly optimizer: LoopOptimizer
  readonly params: Tensors
  readonly grads: Tensors
}

/**
 * One step with the gradient that `model.grads` holds already, and its loss; `again` computes both at the present
 * parameters, for optimizers that look more than once.
 */
export function takeStep(
  { optimizer }: Model,
  loss: number,
  again: () => number,
  options: StepOptions,
): StepInfo {
  if (!optimizer.needsClosure) return optimizer.step(undefined, options)
  let first = true
  const closure = () => {
    if (!first) return again()
    first = false
    return loss
  }
  return (optimizer.step as (grads: unknown, options: StepOptions) => StepInfo)(closure, options)
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
 * What `look` returns while the parameters are where they are evaluated; they come back to the last bit. It is given a
 * copy of them as they are trained.
 */
export function evaluated<T>({ optimizer, params }: Model, look: (trained: Tensors) => T): T {
  // Schedule-free rules round on their way there and back.
  const trained = copy(params)
  optimizer.eval()
  try {
    return look(trained)
  } finally {
    optimizer.train()
    for (const name in trained) params[name].set(trained[name])
  }
}

export function copy(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, array]) => [name, array.slice()]))
}

function named(who: string, arrays: Arrays): Tensors {
  if (typeof arrays !== 'object' || arrays === null) throw kindError(who, 'typed arrays', arrays)
  return Object.fromEntries(Object.entries(arrays))
}

/** An optimizer over other arrays would step for ever without moving x. */
export function checkOver(who: string, got: Tensors, wanted: Tensors): void {
  const names = new Set([...Object.keys(wanted), ...Object.keys(got)])
  if ([...names].every((name) => got[name] === wanted[name])) return
  throw new TypeError(
    `${who}: optimizer must return an optimizer over the very params it is given, got others`,
  )
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
