// L-BFGS between its steps: what the state says, and how a step that fails is undone.

import type { CheckedStepOptions } from '../gradients'
import type { LBFGSOptions } from '../optimizers/lbfgs'
import type { Evaluation, Solver, SolverParts, SolverStep } from '../solver'
import type { FloatArray } from '../types'
import { Descent, NOT_FINITE, type Workspace } from './descent'
import { History } from './history'
import { Space, Undo, type Vector } from './space'

/** The scalars of each tensor, the same for all that took part in the last step. */
export const SCALARS = { funcEvals: 0, nIter: 0, t: 0, pairs: 0 }
const [FUNC_EVALS, N_ITER, T, PAIRS] = Object.keys(SCALARS).keys()

/** How many pairs of the history these scalars say there are. */
export const pairsOf = (scalars: ArrayLike<number>): number => scalars[PAIRS]

export const WORKING_ARRAYS = 3

export class LbfgsSolver implements Solver {
  readonly #parts: SolverParts<LBFGSOptions>
  readonly #space: Space
  /** What the state holds, unless it has to be read again. */
  #open: { history: History; work: Workspace } | undefined

  constructor(parts: SolverParts<LBFGSOptions>) {
    this.#parts = parts
    this.#space = new Space(parts.block, parts.engine)
  }

  loaded(): void {
    this.#open = undefined
  }

  step(first: Evaluation, evaluate: () => Evaluation, checked: CheckedStepOptions): SolverStep {
    const { options, arrays: params, tensors } = this.#parts
    const space = this.#space
    space.active = first.arrays.map((array) => array !== null)
    const leader = tensors[space.active.indexOf(true)]?.scalars
    if (leader === undefined) return { evaluations: 1, skipped: false }

    // The history is that of the tensors that took part in the last step: others begin a new one.
    const funcEvals = tensors.reduce((most, { scalars }) => Math.max(most, scalars[FUNC_EVALS]), 0)
    const tookPart = tensors.map(({ scalars }) => funcEvals > 0 && scalars[FUNC_EVALS] === funcEvals)
    const continues = tookPart.every((took, t) => took === space.active[t])
    if (!continues) this.#open = undefined
    this.#open ??= this.#read(continues ? leader[PAIRS] : 0)
    const { history, work } = this.#open

    const undo = new Undo(space)
    for (const vector of [params, history.d, history.last]) undo.keep(vector)
    const setting = { options, checked, space, params, history, work, undo, evaluate }
    const descent = new Descent(setting, continues ? leader[N_ITER] : 0, leader[T])
    try {
      descent.run(first)
    } catch (error) {
      undo.restore()
      this.#open = undefined
      if (error === NOT_FINITE) return { evaluations: descent.evaluations, skipped: true }
      throw error
    }
    const { evaluations, iterations, t } = descent
    this.#write(
      [...history.vectors, ...Object.values(work)],
      [funcEvals + evaluations, iterations, t, history.count],
    )
    return { evaluations, skipped: false }
  }

  /** The vectors as they lie in the state, the first pairs in use. */
  #read(pairs: number) {
    const state = this.#parts.block.state as readonly FloatArray[][] // never in low precision
    const vectors = state[0].map((_, k): Vector => state.map((arrays) => arrays[k]))
    const [d, last, ...rest] = vectors
    const history = new History(this.#space, d, last, rest.slice(0, -WORKING_ARRAYS), pairs)
    const [gradient, spare, start] = rest.slice(-WORKING_ARRAYS)
    return { history, work: { gradient, spare, start } }
  }

  /** The state of the tensors that took part: their arrays have changed places, not moved. */
  #write(vectors: readonly Vector[], scalars: readonly number[]): void {
    this.#parts.tensors.forEach((tensor, t) => {
      if (!this.#space.active[t]) return
      tensor.t++
      tensor.scalars.set(scalars)
      const arrays = this.#parts.block.state[t]
      vectors.forEach((vector, k) => {
        arrays[k] = vector[t]
      })
    })
  }
}
