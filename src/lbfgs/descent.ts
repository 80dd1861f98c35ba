// One step of L-BFGS: iterations of direction and move, until one of PyTorch's tests ends it.
import { type CheckedStepOptions, writeGradientCoefficients } from '../gradients'
import type { LBFGSOptions } from '../optimizers/lbfgs'
import type { Evaluation } from '../solver'
import type { History } from './history'
import type { Space, Undo, Vector } from './space'
import { strongWolfe, type Trial } from './strong-wolfe'

/** Vectors whose values no step takes over from the one before; they change places with each other. */
export interface Workspace {
  gradient: Vector
  /** The gradient of the line search's last trial. */
  spare: Vector
  /** The parameters where the line search begins. */
  start: Vector
}

/** What a step reads and moves. */
export interface Setting {
  readonly options: Readonly<LBFGSOptions>
  readonly checked: CheckedStepOptions
  readonly space: Space
  readonly params: Vector
  readonly history: History
  readonly work: Workspace
  readonly undo: Undo
  readonly evaluate: () => Evaluation
}

/** Thrown to end a step that is to be skipped. */
export const NOT_FINITE = Symbol('a gradient is not finite')

/** What torch's line search takes for toleranceChange, whatever that is. */
const SHORT = 1e-9

/** The loss to be minimised at t, and what is asked of its gradient. */
interface Point extends Trial {
  /** ‖g‖₁ */
  readonly norm: number
  readonly isOptimal: boolean
  readonly isFinite: boolean
}

export class Descent {
  evaluations = 1

  constructor(
    private readonly setting: Setting,
    /** Iterations so far. */
    public iterations: number,
    /** The length of the last move along the direction. */
    public t: number,
  ) {}

  /** Iterates from where `first` was evaluated. */
  run(first: Evaluation): void {
    const { options, space, history, work, undo } = this.setting
    const { lr, maxIter, toleranceChange } = options
    const maxEval = options.maxEval ?? Math.floor((maxIter * 5) / 4)
    let point = this.look(first, 0, work.gradient)
    for (let n = 1; point.isFinite && !point.isOptimal; n++) {
      const { loss } = point
      if (this.iterations > 0) history.add(this.t, work.gradient, undo)
      this.iterations++
      const slope = history.direction(work.gradient)
      ;[history.last, work.gradient] = [work.gradient, history.last]
      this.t = this.iterations === 1 ? Math.min(1, 1 / point.norm) * lr : lr
      if (!(slope <= -toleranceChange)) return
      if (options.lineSearchFn !== null) point = this.search({ ...point, t: 0, slope })
      else {
        this.move()
        if (n === maxIter) return
        point = this.look(this.evaluateAgain(), this.t, work.gradient)
      }
      if (n === maxIter || this.evaluations >= maxEval) return
      if (space.countAbove(history.d, this.t, toleranceChange) === 0) return
      if (Math.abs(point.loss - loss) < toleranceChange) return
    }
  }

  private evaluateAgain(): Evaluation {
    this.evaluations++
    return this.setting.evaluate()
  }

  /** Takes the gradient of an evaluation as the step options want it. */
  private look({ skipped, loss, clipFactor }: Evaluation, t: number, gradient: Vector): Point {
    if (skipped) throw NOT_FINITE
    const { options, checked, space, history } = this.setting
    const { maximize, toleranceGrad } = options
    writeGradientCoefficients(space.block.coefficients, 0, checked, maximize ? -clipFactor : clipFactor, 0)
    space.run('gradient', [gradient])
    space.run('lbfgsMeasure', [gradient, history.d], 1, toleranceGrad, 1)
    const [norm, above, slope] = [space.sum(0), space.sum(1), space.sum(2)]
    return {
      t,
      loss: maximize ? -loss : loss,
      slope,
      norm,
      isOptimal: above === 0,
      isFinite: Number.isFinite(norm) && !Number.isNaN(loss),
    }
  }

  private move(): void {
    // A direction may overflow, and 0·∞ is NaN.
    if (this.t !== 0) this.setting.space.run('lbfgsMove', [this.setting.history.d], this.t)
  }

  private moveFromStart(t: number): void {
    const { space, work, params } = this.setting
    space.copy(work.start, params)
    this.t = t
    this.move()
  }

  private search(start: Point): Point {
    const { space, params, history, work } = this.setting
    space.copy(params, work.start)
    const line = {
      at: (t: number): Point => {
        this.moveFromStart(t)
        const point = this.look(this.evaluateAgain(), t, work.spare)
        return point.isFinite ? point : { ...point, loss: Number.POSITIVE_INFINITY }
      },
      keep: () => {
        ;[work.gradient, work.spare] = [work.spare, work.gradient]
      },
      isShort: (length: number) => space.countAbove(history.d, length, SHORT) === 0,
    }
    const found = strongWolfe(line, start, this.t)
    this.moveFromStart(found.t)
    return found
  }
}
