// The update rules in plain float64 numbers, written down from PyTorch's and optax's documentation for the tests.
import type { Options } from './untyped'

/** A tensor: its values and its state arrays, as stateDict names them. */
export interface Tensor {
  p: number[]
  state: Record<string, number[]>
}

type Formula = (tensor: Tensor, g: number[], t: number, o: Required<Numbers> & Flags) => void
type Numbers = Record<
  | 'lr'
  | 'momentum'
  | 'dampening'
  | 'weightDecay'
  | 'lrDecay'
  | 'eps'
  | 'epsRoot'
  | 'alpha'
  | 'beta1'
  | 'beta2'
  | 'initialAccumulatorValue',
  number
>
type Flags = Record<
  'maximize' | 'nesterov' | 'ema' | 'amsgrad' | 'centered' | 'epsInSqrt' | 'lrInBuffer',
  boolean
>

const norm = (values: number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))

function moments({ p, state }: Tensor, g: number[], t: number, o: Numbers & Flags): number[] {
  state.expAvg ??= p.map(() => 0)
  state.expAvgSq ??= p.map(() => 0)
  if (o.amsgrad) state.maxExpAvgSq ??= p.map(() => 0)
  return g.map((gi, i) => {
    state.expAvg[i] = o.beta1 * state.expAvg[i] + (1 - o.beta1) * gi
    state.expAvgSq[i] = o.beta2 * state.expAvgSq[i] + (1 - o.beta2) * gi * gi
    let second = state.expAvgSq[i]
    if (o.amsgrad) {
      second = Math.max(second, state.maxExpAvgSq[i])
      state.maxExpAvgSq[i] = second
    }
    const mHat = state.expAvg[i] / (1 - o.beta1 ** t)
    const vHat = second / (1 - o.beta2 ** t)
    return mHat / (Math.sqrt(vHat + o.epsRoot) + o.eps)
  })
}

const formulas: Record<string, Formula> = {
  SGD({ p, state }, g, t, o) {
    g.forEach((gi, i) => {
      const d = gi + o.weightDecay * p[i]
      if (o.momentum === 0) {
        p[i] -= o.lr * d
        return
      }
      state.momentumBuffer ??= p.map(() => 0)
      const b = state.momentumBuffer
      const weight = o.ema ? 1 - o.momentum : 1
      if (o.ema) b[i] = o.momentum * b[i] + weight * d
      else b[i] = t === 1 ? d : o.momentum * b[i] + (1 - o.dampening) * d
      p[i] -= o.lr * (o.nesterov ? weight * d + o.momentum * b[i] : b[i])
    })
  },
  Adagrad({ p, state }, g, t, o) {
    state.sum ??= p.map(() => o.initialAccumulatorValue)
    g.forEach((gi, i) => {
      const d = gi + o.weightDecay * p[i]
      state.sum[i] += d * d
      const root = o.epsInSqrt ? Math.sqrt(state.sum[i] + o.eps) : Math.sqrt(state.sum[i]) + o.eps
      p[i] -= ((o.lr / (1 + (t - 1) * o.lrDecay)) * d) / root
    })
  },
  RMSprop({ p, state }, g, _t, o) {
    const zeros = () => p.map(() => 0)
    state.squareAvg ??= zeros()
    if (o.centered) state.gradAvg ??= zeros()
    if (o.momentum !== 0) state.momentumBuffer ??= zeros()
    g.forEach((gi, i) => {
      const d = gi + o.weightDecay * p[i]
      state.squareAvg[i] = o.alpha * state.squareAvg[i] + (1 - o.alpha) * d * d
      let v = state.squareAvg[i]
      if (o.centered) {
        state.gradAvg[i] = o.alpha * state.gradAvg[i] + (1 - o.alpha) * d
        v -= state.gradAvg[i] ** 2
      }
      const u = d / (o.epsInSqrt ? Math.sqrt(v + o.eps) : Math.sqrt(v) + o.eps)
      if (o.momentum === 0) {
        p[i] -= o.lr * u
      } else if (o.lrInBuffer) {
        state.momentumBuffer[i] = o.momentum * state.momentumBuffer[i] + o.lr * u
        p[i] -= state.momentumBuffer[i]
      } else {
        state.momentumBuffer[i] = o.momentum * state.momentumBuffer[i] + u
        p[i] -= o.lr * state.momentumBuffer[i]
      }
    })
  },
  Adam(tensor, g, t, o) {
    const { p } = tensor
    const decayed = g.map((gi, i) => gi + o.weightDecay * p[i])
    moments(tensor, decayed, t, o).forEach((u, i) => {
      p[i] -= o.lr * u
    })
  },
  AdamW(tensor, g, t, o) {
    const { p } = tensor
    moments(tensor, g, t, o).forEach((u, i) => {
      p[i] = p[i] - o.lr * o.weightDecay * p[i] - o.lr * u
    })
  },
  LAMB(tensor, g, t, o) {
    const { p } = tensor
    const u = moments(tensor, g, t, o).map((x, i) => x + o.weightDecay * p[i])
    const [paramNorm, updateNorm] = [norm(p), norm(u)]
    const ratio = paramNorm === 0 || updateNorm === 0 ? 1 : paramNorm / updateNorm
    u.forEach((x, i) => {
      p[i] -= o.lr * ratio * x
    })
  },
}

const DEFAULT_EPS: Record<string, number> = { Adagrad: 1e-10, LAMB: 1e-6 }
const DEFAULT_DECAY: Record<string, number> = { AdamW: 0.01 }

/** One step of a rule on a tensor, in place; `t` counts from 1. Every option has PyTorch's default. */
export function update(rule: string, tensor: Tensor, grad: ArrayLike<number>, t: number, options: Options) {
  const {
    betas: [beta1, beta2] = [0.9, 0.999],
    momentumForm,
    ...given
  } = options as {
    betas?: number[]
    momentumForm?: string
  }
  const values = {
    lr: 1e-3,
    momentum: 0,
    dampening: 0,
    weightDecay: DEFAULT_DECAY[rule] ?? 0,
    lrDecay: 0,
    initialAccumulatorValue: 0,
    eps: DEFAULT_EPS[rule] ?? 1e-8,
    epsRoot: 0,
    alpha: 0.99,
    maximize: false,
    nesterov: false,
    amsgrad: false,
    centered: false,
    epsInSqrt: false,
    lrInBuffer: false,
    ...given,
    beta1,
    beta2,
    ema: momentumForm === 'ema',
  }
  formulas[rule](
    tensor,
    Array.from(grad, (x) => (values.maximize ? -x : x)),
    t,
    values,
  )
}
