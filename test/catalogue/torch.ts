// The rest of torch.optim: the options it is tested at, and its rules transcribed from PyTorch's documentation in
// plain float64.
import { decayed, type Numbers, type Row, type Tensor } from './row'

const decay = { weightDecay: 0.03 }
const decoupled = { weightDecay: 0.3, decoupledWeightDecay: true }
const adam = { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3, ...decay }

/** Adam's averages of gradients and of their squares; returns the latter. */
function secondMoments(state: Tensor['state'], p: number[], g: number[], o: Numbers): number[] {
  state.expAvg ??= p.map(() => 0)
  state.expAvgSq ??= p.map(() => 0)
  g.forEach((gi, i) => {
    state.expAvg[i] = o.beta1 * state.expAvg[i] + (1 - o.beta1) * gi
    state.expAvgSq[i] = o.beta2 * state.expAvgSq[i] + (1 - o.beta2) * gi * gi
  })
  return state.expAvgSq
}

export const rows: Record<string, Row> = {
  Adadelta: {
    variants: [
      { lr: 0.5, rho: 0.8, eps: 1e-3, ...decay },
      { lr: 0.5, rho: 0.95, eps: 1e-2, maximize: true },
      { lr: 0.5, rho: 0.8, eps: 1e-2, ...decoupled, delayed: true },
    ],
    formula({ p, state }, g, _t, o) {
      state.squareAvg ??= p.map(() => 0)
      state.accDelta ??= p.map(() => 0)
      decayed(p, g, o).forEach((d, i) => {
        const before = state.squareAvg[i]
        state.squareAvg[i] = o.rho * state.squareAvg[i] + (1 - o.rho) * d * d
        const second = o.delayed ? before : state.squareAvg[i]
        const delta = (Math.sqrt(state.accDelta[i] + o.eps) / Math.sqrt(second + o.eps)) * d
        state.accDelta[i] = o.rho * state.accDelta[i] + (1 - o.rho) * delta * delta
        p[i] -= o.lr * delta
      })
    },
  },
  Adamax: {
    variants: [
      adam,
      { ...adam, maximize: true, weightDecay: 0, lrDecay: 0.2 },
      { ...adam, ...decoupled, epsOutside: true },
    ],
    formula({ p, state }, g, t, o) {
      state.expAvg ??= p.map(() => 0)
      state.expInf ??= p.map(() => 0)
      const rate = o.lr / (1 + o.lrDecay * (t - 1)) / (1 - o.beta1 ** t)
      decayed(p, g, o).forEach((d, i) => {
        state.expAvg[i] = o.beta1 * state.expAvg[i] + (1 - o.beta1) * d
        const [inside, outside] = o.epsOutside ? [0, o.eps] : [o.eps, 0]
        state.expInf[i] = Math.max(o.beta2 * state.expInf[i], Math.abs(d) + inside)
        p[i] -= (rate * state.expAvg[i]) / (state.expInf[i] + outside)
      })
    },
  },
  NAdam: {
    variants: [
      { ...adam, momentumDecay: 0.02 },
      { ...adam, momentumDecay: 0.1, correctedProduct: true, maximize: true },
      { ...adam, ...decoupled, correctedProduct: true, constantMomentum: true },
    ],
    formula(tensor, g, t, o) {
      const { p, state } = tensor
      const f = Math.fround
      const mu = (step: number) =>
        o.constantMomentum ? o.beta1 : o.beta1 * (1 - 0.5 * 0.96 ** (step * o.momentumDecay))
      tensor.scalars ??= { muProduct: 1 }
      tensor.scalars.muProduct = o.constantMomentum ? o.beta1 ** t : f(tensor.scalars.muProduct * f(mu(t)))
      const product = tensor.scalars.muProduct
      const later = o.correctedProduct ? product * mu(t + 1) : f(f(product * f(mu(t))) * f(mu(t + 1)))
      const d = decayed(p, g, o)
      const v = secondMoments(state, p, d, o)
      d.forEach((di, i) => {
        const root = Math.sqrt(v[i] / (1 - o.beta2 ** t)) + o.eps
        p[i] -= (((o.lr * (1 - mu(t))) / (1 - product)) * di) / root
        p[i] -= (((o.lr * mu(t + 1)) / (1 - later)) * state.expAvg[i]) / root
      })
    },
  },
  RAdam: {
    // Rectified from the sixth step on, and never.
    variants: [
      { ...adam, betas: [0.8, 0.9] },
      { ...adam, betas: [0.7, 0.6], maximize: true },
      { ...adam, ...decoupled, betas: [0.8, 0.9], epsHat: false },
    ],
    formula({ p, state }, g, t, o) {
      const d = decayed(p, g, o)
      const v = secondMoments(state, p, d, o)
      const rhoInf = 2 / (1 - o.beta2) - 1
      const rho = rhoInf - (2 * t * o.beta2 ** t) / (1 - o.beta2 ** t)
      d.forEach((_, i) => {
        const mHat = state.expAvg[i] / (1 - o.beta1 ** t)
        if (rho <= 5) {
          p[i] -= o.lr * mHat
          return
        }
        const r = Math.sqrt(((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho))
        const correction = Math.sqrt(1 - o.beta2 ** t)
        const root = o.epsHat ? (Math.sqrt(v[i]) + o.eps) / correction : Math.sqrt(v[i]) / correction + o.eps
        p[i] -= (o.lr * r * mHat) / root
      })
    },
  },
  SparseAdam: {
    // On dense gradients; ../sparse.test.ts has the others.
    variants: [
      { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3 },
      { lr: 0.05, betas: [0.7, 0.9], eps: 1e-2, maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      const v = secondMoments(state, p, g, o)
      const stepSize = (o.lr * Math.sqrt(1 - o.beta2 ** t)) / (1 - o.beta1 ** t)
      g.forEach((_, i) => {
        p[i] -= (stepSize * state.expAvg[i]) / (Math.sqrt(v[i]) + o.eps)
      })
    },
  },
  Rprop: {
    variants: [
      { lr: 0.05, etas: [0.4, 1.3], stepSizes: [0.03, 0.07] },
      { lr: 0.2, etas: [0.25, 1.5], stepSizes: [0.1, 0.25], maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      state.prev ??= p.map(() => 0)
      state.stepSize ??= p.map(() => o.lr)
      if (t === 1) state.stepSize.fill(o.lr)
      g.forEach((gi, i) => {
        const sign = Math.sign(gi * state.prev[i])
        const scaled = state.stepSize[i] * (sign > 0 ? o.etas[1] : sign < 0 ? o.etas[0] : 1)
        state.stepSize[i] = Math.min(Math.max(scaled, o.stepSizes[0]), o.stepSizes[1])
        state.prev[i] = sign < 0 ? 0 : gi
        p[i] -= Math.sign(state.prev[i]) * state.stepSize[i]
      })
    },
  },
  ASGD: {
    variants: [
      { lr: 0.1, lambd: 0.02, alpha: 0.6, t0: 1, ...decay },
      { lr: 0.2, lambd: 0.1, alpha: 0.9, t0: 2.5, maximize: true },
    ],
    formula(tensor, g, t, o) {
      const { p, state } = tensor
      state.ax ??= p.map(() => 0)
      tensor.scalars ??= { eta: Math.fround(o.lr), mu: 1 }
      const { eta, mu } = tensor.scalars
      g.forEach((gi, i) => {
        const d = gi + o.weightDecay * p[i]
        p[i] = p[i] * (1 - o.lambd * eta) - eta * d
        state.ax[i] = mu === 1 ? p[i] : state.ax[i] + mu * (p[i] - state.ax[i])
      })
      tensor.scalars.eta = Math.fround(o.lr / (1 + o.lambd * o.lr * t) ** o.alpha)
      tensor.scalars.mu = Math.fround(1 / Math.max(1, t - o.t0))
    },
  },
}
