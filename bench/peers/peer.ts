// What an Adam step is compared with: the loop that one would write by hand, and TensorFlow.js.
import type { Candidate } from '../step/measure'

export interface Peer {
  readonly backend: string
  readonly isa: string
  /** Parameters beyond which a step takes seconds. */
  readonly largest: number
  create(p: Float32Array, g: Float32Array): Promise<PeerStep>
}

export interface PeerStep extends Pick<Candidate, 'run' | 'before'> {
  /** The parameters as they stand. */
  read(): Float32Array
}

/** Adam's hyper-parameters, PyTorch's defaults, for everyone. */
export const ADAM = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 }

/** Doubles over Float32Arrays, no rounding calls. */
export const plainLoop: Peer = {
  backend: 'plain-js',
  isa: 'none',
  largest: Number.POSITIVE_INFINITY,
  async create(p, g) {
    const { lr, beta1, beta2, eps } = ADAM
    const m = new Float32Array(p.length)
    const v = new Float32Array(p.length)
    let power1 = 1
    let power2 = 1
    const run = () => {
      power1 *= beta1
      power2 *= beta2
      const stepSize = lr / (1 - power1)
      const correction = 1 / (1 - power2)
      for (let i = 0; i < p.length; i++) {
        const gi = g[i]
        const mi = beta1 * m[i] + (1 - beta1) * gi
        const vi = beta2 * v[i] + (1 - beta2) * gi * gi
        m[i] = mi
        v[i] = vi
        p[i] -= (stepSize * mi) / (Math.sqrt(vi * correction) + eps)
      }
    }
    return { run, read: () => p }
  },
}
