// What `minimize` descends, in one form: named arrays, whatever the caller's starting point looks like.
import { kindError, valueError } from '../check'
import { checkProblem, type Tensors } from '../problem'
import type { FloatArray } from '../types'

export interface Objective {
  readonly params: Tensors
  /** The loss at `params`, its gradient written over `grads`. */
  evaluate(grads: Tensors): unknown
  /** `tensors` in the form of the caller's starting point. */
  shape(tensors: Tensors): unknown
}

/** A function over one array is a function over the single tensor 'x'. */
export function objectiveOf(f: (x: unknown, g: unknown) => unknown, x0: unknown): Objective {
  const single = Array.isArray(x0) || ArrayBuffer.isView(x0)
  if (!single && (typeof x0 !== 'object' || x0 === null)) {
    throw kindError('minimize: x0', 'a Float64Array, a Float32Array, a list of numbers or a record', x0)
  }
  const params: Tensors = {}
  if (single) params.x = copyStart('minimize: x0', x0)
  else for (const [name, start] of Object.entries(x0)) params[name] = copyStart(`minimize: x0.${name}`, start)
  const shape = single ? ({ x }: Tensors) => x : (tensors: Tensors) => tensors
  const x = shape(params)
  return { params, evaluate: (grads) => f(x, shape(grads)), shape }
}

export function objectiveOfProblem(subject: unknown, seed: number): Objective {
  const problem = checkProblem('minimize', subject)
  if (problem.data !== undefined) {
    throw valueError('minimize: problem', 'one without data (fit trains those with)', problem.name)
  }
  const params = problem.params(seed)
  return {
    params,
    evaluate: (grads) => problem.lossAndGrad(params, grads, undefined),
    shape: (tensors) => tensors,
  }
}

function copyStart(who: string, value: unknown): FloatArray {
  if (value instanceof Float32Array || value instanceof Float64Array) return value.slice()
  const isList = Array.isArray(value) && Array.from(value).every((item) => typeof item === 'number')
  if (!isList) throw kindError(who, 'a Float64Array, a Float32Array or a list of numbers', value)
  return Float64Array.from(value)
}
