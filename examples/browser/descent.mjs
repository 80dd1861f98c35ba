// Descent along Rosenbrock's valley, f(x, y) = (1 − x)² + 100·(y − x²)², that a page can leave and come back to.
import { Adam, decodeState, encodeState } from 'cauchy'

const KEY = 'cauchy-descent'

export class Descent {
  /** @param storage Where it is kept, as text: `localStorage`. */
  constructor(storage) {
    this.storage = storage
    this.#start()
    const text = storage.getItem(KEY)
    if (text === null) return
    const saved = decodeState(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
    this.optimizer.params.p.set(saved.params.p)
    this.optimizer.loadStateDict(saved.optimizer)
  }

  #start() {
    this.optimizer = new Adam({ p: [2] }, { lr: 0.05, dtype: 'float64' })
    this.optimizer.params.p.set([-1.5, 2])
  }

  get loss() {
    const [x, y] = this.optimizer.params.p
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2
  }

  run(steps) {
    const { params, grads } = this.optimizer
    for (let t = 0; t < steps; t++) {
      const [x, y] = params.p
      grads.p[0] = -2 * (1 - x) - 400 * x * (y - x * x)
      grads.p[1] = 200 * (y - x * x)
      this.optimizer.step()
    }
    const bytes = encodeState({ params, optimizer: this.optimizer.stateDict() })
    this.storage.setItem(KEY, btoa(String.fromCharCode(...bytes)))
  }

  reset() {
    this.storage.removeItem(KEY)
    this.#start()
  }

  toString() {
    const { params, stepCount, backend } = this.optimizer
    return `step ${stepCount}: f(${[...params.p].map((v) => v.toFixed(6)).join(', ')}) = ${this.loss} on ${backend.name}`
  }
}
