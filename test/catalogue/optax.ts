// Optimizers that PyTorch lacks: the options they are tested at, and their rules written down from optax's code, the
// authors' or the papers in plain float64.
import type { Row } from './row'

const decay = { weightDecay: 0.03 }

export const rows: Record<string, Row> = {
  // optax.lion: scale_by_lion, add_decayed_weights, scale_by_learning_rate
  Lion: {
    variants: [
      { lr: 0.05, betas: [0.8, 0.95], ...decay },
      { lr: 0.05, betas: [0.8, 0.95], ...decay, maximize: true },
    ],
    packed: [
      { lr: 0.05, betas: [0.8, 0.95], ...decay, stateDtype: 'bf16', seed: 1 },
      { lr: 0.05, betas: [0.8, 0.95], ...decay, maximize: true, stateDtype: 'int8', seed: 1 },
    ],
    formula({ p, state }, g, _t, o) {
      state.expAvg ??= p.map(() => 0)
      const m = state.expAvg
      g.forEach((gi, i) => {
        const direction = Math.sign((1 - o.beta1) * gi + o.beta1 * m[i])
        m[i] = (1 - o.beta2) * gi + o.beta2 * m[i]
        p[i] -= o.lr * (direction + o.weightDecay * p[i])
      })
    },
  },
  // optax.sign_sgd and optax.signum: ema without debias, scale_by_sign
  SignSGD: {
    variants: [
      { lr: 0.05, momentum: 0.8, ...decay },
      { lr: 0.05, ...decay, maximize: true },
    ],
    formula({ p, state }, g, _t, o) {
      if (o.momentum !== 0) state.expAvg ??= p.map(() => 0)
      g.forEach((gi, i) => {
        let direction = gi
        if (o.momentum !== 0) {
          state.expAvg[i] = (1 - o.momentum) * gi + o.momentum * state.expAvg[i]
          direction = state.expAvg[i]
        }
        p[i] -= o.lr * (Math.sign(direction) + o.weightDecay * p[i])
      })
    },
  },
  // optax.adabelief: scale_by_belief
  AdaBelief: {
    variants: [
      { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3, epsRoot: 1e-4, ...decay },
      { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3, epsRoot: 1e-4, ...decay, nesterov: true, maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      state.expAvg ??= p.map(() => 0)
      state.expAvgVar ??= p.map(() => 0)
      const { expAvg: mu, expAvgVar: nu } = state
      g.forEach((gi, i) => {
        mu[i] = (1 - o.beta1) * gi + o.beta1 * mu[i]
        const error = gi - mu[i]
        nu[i] = (1 - o.beta2) * error ** 2 + o.beta2 * nu[i] + o.epsRoot
        const corrected = (x: number, n: number) => x / (1 - o.beta1 ** n)
        const muHat = o.nesterov
          ? o.beta1 * corrected(mu[i], t + 1) + (1 - o.beta1) * corrected(gi, t)
          : corrected(mu[i], t)
        const nuHat = nu[i] / (1 - o.beta2 ** t)
        p[i] -= o.lr * (muHat / (Math.sqrt(nuHat) + o.eps) + o.weightDecay * p[i])
      })
    },
  },
  // optax's scale_by_yogi, where initializeBoth
  Yogi: {
    variants: [
      { lr: 0.05, betas: [0.8, 0.95], eps: 1e-2, epsRoot: 1e-4, initialAccumulatorValue: 0.02, ...decay },
      { lr: 0.05, betas: [0.8, 0.95], eps: 1e-2, ...decay, maximize: true },
      { lr: 0.05, betas: [0.8, 0.95], eps: 1e-2, initialAccumulatorValue: 0.02, initializeBoth: true },
    ],
    formula({ p, state }, g, t, o) {
      state.expAvg ??= p.map(() => (o.initializeBoth ? o.initialAccumulatorValue : 0))
      state.expAvgSq ??= p.map(() => o.initialAccumulatorValue)
      const { expAvg: mu, expAvgSq: nu } = state
      g.forEach((gi, i) => {
        mu[i] = (1 - o.beta1) * gi + o.beta1 * mu[i]
        nu[i] -= (1 - o.beta2) * Math.sign(nu[i] - gi ** 2) * gi ** 2
        const [muHat, nuHat] = [mu[i] / (1 - o.beta1 ** t), nu[i] / (1 - o.beta2 ** t)]
        p[i] -= o.lr * (muHat / (Math.sqrt(nuHat + o.epsRoot) + o.eps) + o.weightDecay * p[i])
      })
    },
  },
  // The authors' adan.py, _single_tensor_adan
  Adan: {
    variants: [
      { lr: 0.05, betas: [0.9, 0.8, 0.95], eps: 1e-3, ...decay },
      { lr: 0.05, betas: [0.9, 0.8, 0.95], eps: 1e-3, ...decay, noProx: true, maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      for (const slot of ['expAvg', 'expAvgDiff', 'expAvgSq']) state[slot] ??= p.map(() => 0)
      state.previousGrad ??= [...g]
      const { expAvg, expAvgDiff, expAvgSq, previousGrad } = state
      g.forEach((grad, i) => {
        const diff = grad - previousGrad[i]
        expAvg[i] = o.beta1 * expAvg[i] + (1 - o.beta1) * grad
        expAvgDiff[i] = o.beta2 * expAvgDiff[i] + (1 - o.beta2) * diff
        expAvgSq[i] = o.beta3 * expAvgSq[i] + (1 - o.beta3) * (diff * o.beta2 + grad) ** 2
        const denom = Math.sqrt(expAvgSq[i]) / Math.sqrt(1 - o.beta3 ** t) + o.eps
        const stepSizeDiff = (o.lr * o.beta2) / (1 - o.beta2 ** t)
        const stepSize = o.lr / (1 - o.beta1 ** t)
        if (o.noProx) p[i] *= 1 - o.lr * o.weightDecay
        p[i] -= (stepSize * expAvg[i] + stepSizeDiff * expAvgDiff[i]) / denom
        if (!o.noProx) p[i] /= 1 + o.lr * o.weightDecay
        previousGrad[i] = grad
      })
    },
  },
  // The authors' ademamix.py, its warm-up of β₃ by half-lives, without their 1e-8 in the logarithm
  AdEMAMix: {
    variants: [
      {
        ...{ lr: 0.02, betas: [0.8, 0.9, 0.97], alpha: 3, tAlpha: 3, tBeta3: 50 },
        ...{ eps: 1e-3, epsRoot: 1e-4, ...decay },
      },
      { lr: 0.02, betas: [0.8, 0.9, 0.97], alpha: 3, tBeta3: 2, eps: 1e-3, maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      for (const slot of ['expAvgFast', 'expAvgSlow', 'expAvgSq']) state[slot] ??= p.map(() => 0)
      const { expAvgFast, expAvgSlow, expAvgSq } = state
      const halfLife = (beta: number) => Math.log(0.5) / Math.log(beta) - 1
      const a = t / o.tBeta3
      const warm = 0.5 ** (1 / ((1 - a) * halfLife(o.beta1) + a * halfLife(o.beta3) + 1))
      const beta3 = t < o.tBeta3 ? warm : o.beta3
      const alpha = t < o.tAlpha ? (t / o.tAlpha) * o.alpha : o.alpha
      g.forEach((gi, i) => {
        expAvgFast[i] = o.beta1 * expAvgFast[i] + (1 - o.beta1) * gi
        expAvgSlow[i] = beta3 * expAvgSlow[i] + (1 - beta3) * gi
        expAvgSq[i] = o.beta2 * expAvgSq[i] + (1 - o.beta2) * gi ** 2
        const denom = Math.sqrt(expAvgSq[i] / (1 - o.beta2 ** t) + o.epsRoot) + o.eps
        const update = (expAvgFast[i] / (1 - o.beta1 ** t) + alpha * expAvgSlow[i]) / denom
        p[i] -= o.lr * (update + o.weightDecay * p[i])
      })
    },
  },
  // optax.contrib's scale_by_adopt; its first update is zero
  ADOPT: {
    variants: [
      { lr: 0.05, betas: [0.8, 0.9], eps: 1e-2, ...decay },
      { lr: 0.05, betas: [0.8, 0.9], eps: 1e-2, ...decay, clip: false, nesterov: true, maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      state.expAvg ??= p.map(() => 0)
      state.expAvgSq ??= p.map(() => 0)
      const { expAvg: mu, expAvgSq: nu } = state
      g.forEach((gi, i) => {
        let update = 0
        if (t === 1) {
          nu[i] = gi ** 2
        } else {
          const limit = o.clip ? (t - 1) ** 0.25 : Number.POSITIVE_INFINITY
          const normed = Math.min(limit, Math.max(-limit, gi / Math.max(Math.sqrt(nu[i]), o.eps)))
          mu[i] = (1 - o.beta1) * normed + o.beta1 * mu[i]
          update = o.nesterov ? (1 - o.beta1) * normed + o.beta1 * mu[i] : mu[i]
          nu[i] = (1 - o.beta2) * gi ** 2 + o.beta2 * nu[i]
        }
        p[i] -= o.lr * (update + o.weightDecay * p[i])
      })
    },
  },
  // optax.contrib.madgrad, as in the authors' code
  MADGRAD: {
    variants: [
      { lr: 0.05, momentum: 0.8, eps: 1e-3, ...decay },
      { lr: 0.05, momentum: 0, eps: 1e-3, ...decay, maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      state.x0 ??= [...p]
      state.gradSumSq ??= p.map(() => 0)
      state.s ??= p.map(() => 0)
      const lamb = (o.lr + o.eps) * Math.sqrt(t)
      g.forEach((gi, i) => {
        const grad = gi + o.weightDecay * p[i]
        state.gradSumSq[i] += lamb * grad ** 2
        state.s[i] += lamb * grad
        const z = state.x0[i] - state.s[i] / (Math.cbrt(state.gradSumSq[i]) + o.eps)
        p[i] = (1 - o.momentum) * z + o.momentum * p[i]
      })
    },
  },
}
