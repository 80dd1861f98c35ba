// The history of L-BFGS: pairs of steps and changes of the gradient, and the direction they give.
import type { Space, Undo, Vector } from './space'

/** A step s, the change y it made to the gradient, and 1/⟨y, s⟩. */
interface Pair {
  readonly y: Vector
  readonly s: Vector
  readonly inverse: number
}

/** Pairs of less curvature are not kept. */
const MIN_CURVATURE = 1e-10

export class History {
  /** Oldest first. */
  #pairs: Pair[] = []
  /** What holds no pair. */
  #free: Omit<Pair, 'inverse'>[] = []
  /** The initial estimate of the inverse Hessian: this times the identity. */
  #scale = 1

  /**
   * @param space Where the kernels run.
   * @param d The direction, or with the last one's length the step.
   * @param last The gradient where that step began.
   * @param vectors y and s of every pair in turn, oldest first, those in use before the free ones.
   * @param count How many pairs are in use.
   */
  constructor(
    readonly space: Space,
    public d: Vector,
    public last: Vector,
    vectors: readonly Vector[],
    count: number,
  ) {
    for (let k = 0; k < vectors.length; k += 2) {
      const [y, s] = [vectors[k], vectors[k + 1]]
      if (k < 2 * count) this.#pairs.push({ y, s, inverse: 1 / this.#product(y, s) })
      else this.#free.push({ y, s })
    }
    const newest = this.#pairs.at(-1)
    if (newest) this.#scale = this.#product(newest.y, newest.s) / this.#product(newest.y, newest.y)
  }

  #product(x: Vector, y: Vector): number {
    this.space.run('lbfgsMeasure', [x, y])
    return this.space.sum(2)
  }

  get count(): number {
    return this.#pairs.length
  }

  /** All vectors in the order in which the constructor takes them. */
  get vectors(): readonly Vector[] {
    return [this.d, this.last, ...[...this.#pairs, ...this.#free].flatMap(({ y, s }) => [y, s])]
  }

  /** Adds the pair of the last step, if its curvature allows: s = t·d and y = g − last take the place of d and last. */
  add(t: number, g: Vector, undo: Undo): void {
    const { space, d, last } = this
    space.run('lbfgsPair', [d, last, g], t)
    const [curvature, square] = [space.sum(0), space.sum(1)]
    if (!(curvature > MIN_CURVATURE)) return
    const unused = this.#free.shift() ?? this.#forgetOldest(undo)
    this.#pairs.push({ y: last, s: d, inverse: 1 / curvature })
    this.#scale = curvature / square
    this.last = unused.y
    this.d = unused.s
  }

  #forgetOldest(undo: Undo): Omit<Pair, 'inverse'> {
    const oldest = this.#pairs.shift() as Pair
    undo.keep(oldest.y)
    undo.keep(oldest.s)
    return oldest
  }

  /** d ← −H·g by the two-loop recursion; returns the slope ⟨d, g⟩. */
  direction(g: Vector): number {
    const pairs = this.#pairs
    const alphas: number[] = []
    // Every turn gives the product that the next one needs.
    let product = this.#turn('lbfgsScale', g, pairs.at(-1)?.s ?? g, -1)
    for (let i = pairs.length - 1; i >= 0; i--) {
      alphas[i] = product * pairs[i].inverse
      product = this.#turn('lbfgsAdd', pairs[i].y, pairs[i - 1]?.s ?? g, -alphas[i])
    }
    product = this.#turn('lbfgsScale', this.d, pairs[0]?.y ?? g, this.#scale)
    for (let i = 0; i < pairs.length; i++) {
      const beta = product * pairs[i].inverse
      product = this.#turn('lbfgsAdd', pairs[i].s, pairs[i + 1]?.y ?? g, alphas[i] - beta)
    }
    return product
  }

  /** d ← c·x, or d + c·x; returns ⟨d, y⟩. */
  #turn(kernel: 'lbfgsScale' | 'lbfgsAdd', x: Vector, y: Vector, c: number): number {
    this.space.run(kernel, [this.d, x, y], c)
    return this.space.sum()
  }
}
