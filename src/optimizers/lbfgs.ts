// L-BFGS: options, state, documentation; its steps are in ../lbfgs.
import { checkInteger, kindError, valueError } from '../check'
import { LbfgsSolver, pairsOf, SCALARS, WORKING_ARRAYS } from '../lbfgs/solver'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, integer, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface LBFGSOptions extends CommonOptions {
  maxIter: number
  maxEval: number | null
  toleranceGrad: number
  toleranceChange: number
  historySize: number
  lineSearchFn: 'strongWolfe' | null
}

export const lbfgs: Rule<LBFGSOptions> = {
  name: 'LBFGS',
  options: {
    lr: rate(1),
    maxIter: integer(20, 1),
    maxEval: { default: null, check: (who, got) => (got === null ? null : checkInteger(who, got, 1)) },
    toleranceGrad: rate(1e-7),
    toleranceChange: rate(1e-9),
    historySize: integer(100, 1),
    lineSearchFn: {
      default: null,
      check: (who, got) => {
        if (got === null || got === 'strongWolfe') return got
        throw (typeof got === 'string' ? valueError : kindError)(who, '"strongWolfe" or null', got)
      },
    },
    maximize: flag(false),
  },
  structural: ['historySize'],
  state: ({ historySize }) => [
    'd',
    'prevFlatGrad',
    ...Array.from({ length: historySize }, (_, k) => [`oldDirs${k}`, `oldStps${k}`]).flat(),
  ],
  scalars: () => SCALARS,
  statesInUse: (who, { historySize }, scalars) =>
    2 + 2 * checkInteger(`${who}: pairs`, pairsOf(scalars), 0, historySize),
  workingArrays: WORKING_ARRAYS,
  needsLoss: true,
  solver: (parts) => new LbfgsSolver(parts),
  passes: () => [],
  coefficients() {},
}

/**
 * L-BFGS: Newton's method with the curvature that the last steps have shown; for smooth losses over full batches.
 *
 * ```text
 * y = g − g₋,  s = t·d                     a pair (s, y) is kept where ⟨y, s⟩ > 10⁻¹⁰, the last n of them
 * d ← −H·g                                 the two-loop recursion over the pairs from H₀ = ⟨y, s⟩/⟨y, y⟩·I
 * p ← p + t·d                              t = η, at first η·min(1, 1/‖g‖₁); or what the line search finds
 * ```
 *
 * A step is up to `maxIter` such iterations, hence needs a closure, which it calls several times: it fills the gradients
 * from the parameters as they are and returns the loss. The loss reported is the first; `evaluations` counts the calls.
 * A step ends as well where max |g| ≤ `toleranceGrad`, where max |t·d| ≤ `toleranceChange` or the loss changes by less,
 * where ⟨g, d⟩ > −`toleranceChange`, after `maxEval` calls, and where the loss is NaN or a gradient not finite; the line
 * search never accepts such a point. The tolerances are absolute: for `minimize`, which has stopping rules of its own,
 * `toleranceChange` 0 is best. When the closure throws, the parameters and the state are as the step found them.
 *
 * Options: `lr` η ≥ 0, default 1 · `maxIter` an integer ≥ 1, default 20 · `maxEval` an integer ≥ 1 or null for
 * ⌊5/4·maxIter⌋, default null · `toleranceGrad` ≥ 0, default 1e-7 · `toleranceChange` ≥ 0, default 1e-9 · `historySize` n,
 * an integer ≥ 1, default 100, fixed at construction · `lineSearchFn` 'strongWolfe' or null for a fixed length, default
 * null · `maximize`, default false. All parameters are in one group.
 *
 * Step options act on every gradient; the loss stays as it is, so with a line search clip only what would otherwise
 * diverge. `skipNonFinite` undoes the whole step when any of its gradients is not finite.
 *
 * State: `d`, `prevFlatGrad` g₋, `oldDirs0` y and `oldStps0` s of the oldest pair, and so on (the parameter's shape each;
 * 2 + 2·n in memory, of which a saved state has those in use); `funcEvals`, `nIter`, `t`, `pairs` (numbers, the same for
 * all tensors). Three arrays more are working memory. Freezing and unfreezing begin a new history; whatever else moves the
 * parameters or changes the loss between two steps (`Lookahead`, another batch) makes one pair of it wrong.
 *
 * Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization" (1989); Nocedal and Wright,
 * "Numerical Optimization", algorithms 3.5 and 3.6; `torch.optim.LBFGS` of PyTorch 1.13, with its defaults.
 *
 * Deviations: numbers that PyTorch keeps in the parameters' type are doubles here. Elements below 2⁻¹⁰⁰ (float64:
 * 2⁻⁹⁰⁰) count as zero, below 2⁻¹²⁶ (2⁻⁵⁰⁰) in products. PyTorch goes on from NaN and may accept it.
 *
 * @example
 * ```ts
 * import { LBFGS } from 'cauchy'
 * const x = Float64Array.of(-1.2, 1)
 * const opt = new LBFGS({ x }, { lineSearchFn: 'strongWolfe', historySize: 10 })
 * const rosenbrock = ({ x: g }: { x: Float64Array }) => {
 *   g[0] = -2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2)
 *   g[1] = 200 * (x[1] - x[0] ** 2)
 *   return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
 * }
 * opt.step(rosenbrock).evaluations // → 25
 * opt.step(rosenbrock)
 * Math.hypot(x[0] - 1, x[1] - 1) < 1e-5 // → true
 * ```
 * @throws TypeError for wrong kinds, unknown options and a step without a closure, RangeError for values out of range
 * and more than one group; whatever the closure throws.
 */
export class LBFGS<const P extends ParamsInput<LBFGSOptions> = ParamsInput<LBFGSOptions>> extends Optimizer<
  LBFGSOptions,
  P
> {
  constructor(params: P, options?: Partial<LBFGSOptions> & OptimizerOptions) {
    super(lbfgs, params, options)
  }
}
