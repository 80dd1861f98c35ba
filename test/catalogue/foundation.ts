// The first optimizers: the options they are tested at, and their rules written down from PyTorch's and optax's
// documentation in plain float64.
import { decayed, type Numbers, norm, type Row, type Tensor } from './row'

const decay = { weightDecay: 0.03 }
const decoupled = { weightDecay: 0.3, decoupledWeightDecay: true }
const adam = { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3, epsRoot: 1e-4, ...decay }

function moments({ p, state }: Tensor, g: number[], t: number, o: Numbers): number[] {
  state.expAvg ??= p.map(() => 0)
  state.expAvgSq ??= p.map(() => 0)
  if (o.amsgrad) state.maxExpAvgSq ??= p.map(() => 0)
  return g.map((gi, i) => {
    state.expAvg[i] = o.beta1 * state.expAvg[i] + (1 - o.beta1) * gi
    state.expAvgSq[i] = o.beta2 * state.expAvgSq[i] + (1 - o.beta2) * gi * gi
    let second = state.expAvgSq[i]
    if (o.amsgrad && o.amsgradCorrected) {
      const corrected = o.epsHat ? second : second / (1 - o.beta2 ** t)
      state.maxExpAvgSq[i] = Math.max(corrected, state.maxExpAvgSq[i])
      second = state.maxExpAvgSq[i] * (o.epsHat ? 1 : 1 - o.beta2 ** t)
    } else if (o.amsgrad) {
      second = Math.max(second, state.maxExpAvgSq[i])
      state.maxExpAvgSq[i] = second
    }
    const mHat = state.expAvg[i] / (1 - o.beta1 ** t)
    if (o.epsHat) return (Math.sqrt(1 - o.beta2 ** t) * mHat) / (Math.sqrt(second + o.epsRoot) + o.eps)
    const vHat = second / (1 - o.beta2 ** t)
    return mHat / (Math.sqrt(vHat + o.epsRoot) + o.eps)
  })
}

export const rows: Record<string, Row> = {
  SGD: {
    variants: [
      { lr: 0.1, momentum: 0.9, dampening: 0.25, ...decay },
      { lr: 0.1, ...decay, maximize: true },
      { lr: 0.1, momentum: 0.8, ...decay, nesterov: true },
      { lr: 0.1, momentum: 0.9, ...decay, momentumForm: 'ema', maximize: true },
      { lr: 0.1, momentum: 0.9, ...decay, momentumForm: 'ema', nesterov: true },
      { lr: 0.1, momentum: 0.9, ...decay, lrInBuffer: true },
      { lr: 0.1, momentum: 0.7, ...decay, lrInBuffer: true, nesterov: true },
      { lr: 0.1, momentum: 0.9, dampening: 0.5, lrInBuffer: true },
      { lr: 0.1, momentum: 0.8, ...decoupled, nesterov: true, lrInBuffer: true },
      { lr: 0.1, ...decoupled },
    ],
    packed: [
      { lr: 0.1, momentum: 0.9, dampening: 0.25, ...decay, stateDtype: 'bf16' },
      { lr: 0.1, momentum: 0.8, ...decay, nesterov: true, stateDtype: 'int8', seed: 3 },
    ],
    formula({ p, state }, g, t, o) {
      decayed(p, g, o).forEach((d, i) => {
        if (o.momentum === 0) {
          p[i] -= o.lr * d
          return
        }
        state.momentumBuffer ??= p.map(() => 0)
        const b = state.momentumBuffer
        const ema = o.momentumForm === 'ema'
        const weight = ema ? 1 - o.momentum : 1
        const [inside, outside] = o.lrInBuffer ? [o.lr, 1] : [1, o.lr]
        const damped = ema ? weight : t === 1 ? 1 : 1 - o.dampening
        b[i] = o.momentum * b[i] + damped * inside * d
        p[i] -= outside * (o.nesterov ? weight * inside * d + o.momentum * b[i] : b[i])
      })
    },
  },
  Adagrad: {
    variants: [
      { lr: 0.1, lrDecay: 0.2, ...decay, initialAccumulatorValue: 0.1, eps: 1e-3 },
      { lr: 0.1, lrDecay: 0.1, ...decay, eps: 1e-3, epsInSqrt: true, maximize: true },
      { lr: 0.1, ...decoupled, eps: 1e-3 },
    ],
    packed: [
      {
        lr: 0.1,
        lrDecay: 0.2,
        eps: 1e-3,
        initialAccumulatorValue: 0.1,
        stateDtype: 'bf16',
        seed: 2 ** 40 + 1,
      },
      { lr: 0.1, lrDecay: 0.2, ...decay, eps: 1e-3, initialAccumulatorValue: 0.1, stateDtype: 'int8' },
    ],
    formula({ p, state }, g, t, o) {
      state.sum ??= p.map(() => o.initialAccumulatorValue)
      decayed(p, g, o).forEach((d, i) => {
        state.sum[i] += d * d
        const root = o.epsInSqrt ? Math.sqrt(state.sum[i] + o.eps) : Math.sqrt(state.sum[i]) + o.eps
        p[i] -= ((o.lr / (1 + (t - 1) * o.lrDecay)) * d) / root
      })
    },
  },
  RMSprop: {
    variants: [
      { lr: 0.05, alpha: 0.9, eps: 1e-3, ...decay, momentum: 0.8, centered: true },
      { lr: 0.05, alpha: 0.9, eps: 1e-3, ...decay, epsInSqrt: true },
      { lr: 0.05, alpha: 0.8, eps: 1e-2, ...decay, centered: true, maximize: true },
      { lr: 0.05, alpha: 0.9, eps: 1e-3, ...decay, momentum: 0.8, lrInBuffer: true },
      { lr: 0.05, alpha: 0.9, eps: 1e-3, momentum: 0.5, centered: true, epsInSqrt: true, lrInBuffer: true },
      { lr: 0.05, eps: 1e-3, momentum: 0.5, ...decoupled },
    ],
    packed: [
      { lr: 0.05, alpha: 0.9, eps: 1e-3, ...decay, stateDtype: 'bf16', seed: 9 },
      { lr: 0.05, alpha: 0.9, eps: 1e-3, epsInSqrt: true, maximize: true, stateDtype: 'int8', seed: 9 },
    ],
    formula({ p, state }, g, _t, o) {
      const zeros = () => p.map(() => 0)
      state.squareAvg ??= zeros()
      if (o.centered) state.gradAvg ??= zeros()
      if (o.momentum !== 0) state.momentumBuffer ??= zeros()
      decayed(p, g, o).forEach((d, i) => {
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
  },
  Adam: {
    variants: [
      { ...adam, amsgrad: true },
      { ...adam, maximize: true },
      { ...adam, epsHat: true },
      { ...adam, ...decoupled, amsgrad: true, amsgradCorrected: true },
    ],
    packed: [
      { ...adam, stateDtype: 'bf16', seed: 1 },
      { ...adam, epsHat: true, stateDtype: 'int8', seed: 1 },
    ],
    formula(tensor, g, t, o) {
      const { p } = tensor
      moments(tensor, decayed(p, g, o), t, o).forEach((u, i) => {
        p[i] -= o.lr * u
      })
    },
  },
  AdamW: {
    variants: [
      { ...adam, amsgrad: true, maximize: true },
      adam,
      { ...adam, amsgrad: true, epsHat: true },
      { ...adam, amsgrad: true, amsgradCorrected: true },
    ],
    packed: [
      { ...adam, maximize: true, stateDtype: 'bf16', seed: 1 },
      { ...adam, stateDtype: 'int8', seed: 2 ** 53 - 1 },
    ],
    formula(tensor, g, t, o) {
      const { p } = tensor
      moments(tensor, g, t, o).forEach((u, i) => {
        p[i] = p[i] - o.lr * o.weightDecay * p[i] - o.lr * u
      })
    },
  },
  LAMB: {
    variants: [adam, { ...adam, maximize: true, weightDecay: 0 }, { ...adam, ...decoupled }],
    formula(tensor, g, t, o) {
      const { p } = tensor
      const moved = moments(tensor, g, t, o)
      const u = decayed(p, moved, o)
      const [paramNorm, updateNorm] = [norm(p), norm(u)]
      const ratio = paramNorm === 0 || updateNorm === 0 ? 1 : paramNorm / updateNorm
      u.forEach((x, i) => {
        p[i] -= o.lr * ratio * x
      })
    },
  },
}
