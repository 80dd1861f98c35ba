// Lookahead: slow weights that follow any optimizer's fast ones.
import { integer, number } from '../options'
import { ruleRow, type Vectors } from '../vectors'
import { checkSlot, saveSlot, type WrapperState } from './state'
import { type OptimizerInterface, Wrapper } from './wrapper'

export interface LookaheadOptions {
  k: number
  alpha: number
}

const options = { k: integer(5, 1), alpha: number(0.5, { min: 0, max: 1 }) }

/**
 * Lookahead: after every k steps of an optimizer, slow weights move a part of the way, and its weights go back there.
 *
 * ```text
 * p ← k steps of the inner optimizer
 * s ← s + α·(p − s)
 * p ← s
 * ```
 *
 * Options: `k` an integer ≥ 1, default 5 · `alpha` α in [0, 1], default 0.5. Both in `options`, writable.
 *
 * State: `slow` s (the parameter's shape), the parameters as the first step finds them; the inner optimizer's, which goes
 * on through the synchronisation. Skipped steps are not counted.
 *
 * Source: Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back" (2019); `optax.lookahead`.
 *
 * Deviations: differences p − s below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero.
 *
 * @example
 * ```ts
 * import { Lookahead, SGD } from 'cauchy'
 * const w = Float64Array.of(4)
 * const opt = new Lookahead(new SGD({ w }, { lr: 1 }), { k: 2, alpha: 0.5 })
 * opt.step({ w: Float64Array.of(1) })
 * w[0] // → 3
 * opt.step({ w: Float64Array.of(1) })
 * w[0] // → 3: the fast weight 2, halfway back to 4
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Lookahead<I extends OptimizerInterface> extends Wrapper<I, LookaheadOptions> {
  readonly #vectors: Vectors

  constructor(optimizer: I, given?: Partial<LookaheadOptions>) {
    super('Lookahead', optimizer, options, given)
    this.#vectors = this.vectors(1)
  }

  get #slow() {
    return this.#vectors.state.map(([slow]) => slow)
  }

  protected override before(method: string): void {
    if (this.stepCount > 0) return
    this.checkAlive(method)
    this.#slow.forEach((slow, t) => void slow.set(this.arrays[t]))
  }

  protected override after(): void {
    const { k, alpha } = this.options
    if (this.stepCount % k !== 0) return
    if (alpha === 1) this.#slow.forEach((slow, t) => void slow.set(this.arrays[t]))
    else this.#vectors.run('averageFollowed', () => ruleRow(alpha))
  }

  protected override save() {
    return { state: saveSlot('slow', this.names, this.stepCount === 0 ? this.arrays : this.#slow) }
  }

  protected override check(who: string, saved: WrapperState): () => void {
    const arrays = checkSlot(who, saved, 'slow', this.names, this.arrays)
    return () => this.#slow.forEach((slow, t) => void slow.set(arrays[t]))
  }
}
