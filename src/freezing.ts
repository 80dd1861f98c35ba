// Frozen parameters: which they are, and what of a step's gradients is left for the others.
import { type NamedShape, type Selection, select } from './select'

export class Freezing {
  readonly #frozen = new Set<string>()

  constructor(
    readonly who: string,
    readonly tensors: readonly NamedShape[],
  ) {}

  get names(): readonly string[] {
    return [...this.#frozen]
  }

  /** Returns the names selected. */
  freeze(which: Selection): readonly string[] {
    const names = select(`${this.who}.freeze`, which, this.tensors)
    for (const name of names) this.#frozen.add(name)
    return names
  }

  /** Returns the names that were frozen. */
  unfreeze(which: Selection): readonly string[] {
    const names = select(`${this.who}.unfreeze`, which, this.tensors)
    return names.filter((name) => this.#frozen.delete(name))
  }

  /** One gradient a tensor, null for the frozen ones. */
  without<T>(gradients: readonly (T | null)[]): readonly (T | null)[] {
    if (this.#frozen.size === 0) return gradients
    return gradients.map((gradient, t) => (this.#frozen.has(this.tensors[t].name) ? null : gradient))
  }
}
