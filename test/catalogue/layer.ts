// Layer-wise, schedule-free and self-tuning optimizers: the options they are tested at, and their rules written down
// from the papers, optax's documentation and the authors' packages in plain float64.
import { LOSS, type Numbers, norm, type Row, type Tensor } from './row'

const decay = { weightDecay: 0.03 }

/** The paper's step from y to y with direction u, the average x found from y and z; scalars as the state names them. */
function scheduleFree({ p, state }: Tensor, u: readonly number[], t: number, o: Numbers, beta: number): void {
  const rate = o.lr * (t <= o.warmupSteps ? t / o.warmupSteps : 1)
  state.lrMax = [Math.max(rate, state.lrMax[0])]
  const weight = t ** o.r * state.lrMax[0] ** o.weightLrPower
  state.weightSum = [state.weightSum[0] + weight]
  const c = weight / state.weightSum[0]
  u.forEach((direction, i) => {
    const x = (p[i] - (1 - beta) * state.z[i]) / beta
    state.z[i] -= rate * direction
    p[i] = (1 - beta) * state.z[i] + beta * ((1 - c) * x + c * state.z[i])
  })
}

export const rows: Record<string, Row> = {
  LARS: {
    rateInState: true,
    variants: [
      { lr: 0.2, ...decay, trustCoefficient: 0.3, eps: 0.05, momentum: 0.8 },
      { lr: 0.2, ...decay, trustCoefficient: 0.3, momentum: 0.8, nesterov: true, maximize: true },
      { lr: 0.2, ...decay, momentum: 0 },
    ],
    formula({ p, state }, g, _t, o) {
      if (o.momentum !== 0) state.momentumBuffer ??= p.map(() => 0)
      const decayed = g.map((x, i) => x + o.weightDecay * p[i])
      const [paramNorm, gradNorm] = [norm(p), norm(decayed)]
      const trust =
        paramNorm === 0 || gradNorm === 0 ? 1 : (o.trustCoefficient * paramNorm) / (gradNorm + o.eps)
      decayed.forEach((x, i) => {
        const update = o.lr * trust * x
        if (o.momentum === 0) {
          p[i] -= update
          return
        }
        state.momentumBuffer[i] = update + o.momentum * state.momentumBuffer[i]
        p[i] -= o.nesterov ? update + o.momentum * state.momentumBuffer[i] : state.momentumBuffer[i]
      })
    },
  },
  PolyakSGD: {
    closure: true,
    couples: true,
    variants: [
      { lr: 0.5, scaling: 0.75, fMin: 0.25, eps: 0.5, maxLearningRate: 0.9 },
      { lr: 0.5, maxLearningRate: 1e-3 },
      { lr: 0.5, fMin: 7, maximize: true },
    ],
    together(tensors, grads, _t, o) {
      const squared = norm(grads.flat()) ** 2
      const gap = o.maximize ? o.fMin - LOSS : LOSS - o.fMin
      const step = o.lr * o.scaling * Math.min(gap / (squared + o.eps), o.maxLearningRate)
      tensors.forEach(({ p }, k) => {
        grads[k].forEach((x, i) => {
          p[i] -= step * x
        })
      })
    },
  },
  ScheduleFreeSGD: {
    variants: [
      { lr: 0.2, momentum: 0.8, ...decay, warmupSteps: 3, r: 0.5, weightLrPower: 1.5 },
      { lr: 0.2, momentum: 0.6, warmupSteps: 2, maximize: true },
    ],
    formula(tensor, g, t, o) {
      const { p, state } = tensor
      if (t === 1) Object.assign(state, { weightSum: [0], lrMax: [0], z: [...p] })
      const u = g.map((x, i) => x + o.weightDecay * p[i])
      scheduleFree(tensor, u, t, o, o.momentum)
    },
  },
  ScheduleFreeAdamW: {
    variants: [
      { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3, ...decay, warmupSteps: 3, r: 0.5, weightLrPower: 1.5 },
      { lr: 0.05, betas: [0.6, 0.9], eps: 1e-3, warmupSteps: 2, maximize: true },
    ],
    formula(tensor, g, t, o) {
      const { p, state } = tensor
      if (t === 1) Object.assign(state, { weightSum: [0], lrMax: [0], z: [...p], expAvgSq: p.map(() => 0) })
      const u = g.map((x, i) => {
        state.expAvgSq[i] = o.beta2 * state.expAvgSq[i] + (1 - o.beta2) * x * x
        return x / (Math.sqrt(state.expAvgSq[i] / (1 - o.beta2 ** t)) + o.eps) + o.weightDecay * p[i]
      })
      scheduleFree(tensor, u, t, o, o.beta1)
    },
  },
  Prodigy: {
    couples: true,
    variants: [
      {
        ...{
          lr: 0.5,
          betas: [0.8, 0.95],
          beta3: 0.9,
          eps: 1e-3,
          ...decay,
          d0: 0.05,
          dCoef: 2,
          growthRate: 1.5,
        },
        ...{ useBiasCorrection: true, safeguardWarmup: true, decouple: false },
      },
      { lr: 0.5, betas: [0.8, 0.95], eps: 1e-3, ...decay, d0: 0.05, maximize: true },
      { lr: 2, betas: [0.8, 0.95], eps: 1e-3, ...decay, d0: 0.05, dCoef: 40, useBiasCorrection: true },
    ],
    together(tensors, grads, t, o) {
      const beta3 = o.beta3 ?? Math.sqrt(o.beta2)
      if (t === 1) {
        for (const { p, state } of tensors) {
          const zeros = () => p.map(() => 0)
          Object.assign(state, { d: [o.d0], dMax: [o.d0], dNumerator: [0] })
          Object.assign(state, { expAvg: zeros(), expAvgSq: zeros(), s: zeros(), p0: [...p] })
        }
      }
      let {
        d: [d],
        dMax: [dMax],
        dNumerator: [numerator],
      } = tensors[0].state
      const correction = o.useBiasCorrection ? Math.sqrt(1 - o.beta2 ** t) / (1 - o.beta1 ** t) : 1
      const dlr = d * o.lr * correction
      numerator *= beta3
      let denominator = 0
      tensors.forEach(({ p, state: { expAvg, expAvgSq, s, p0 } }, k) => {
        p.forEach((x, i) => {
          const g = grads[k][i] + (o.decouple ? 0 : o.weightDecay * x)
          numerator += (d / o.d0) * dlr * g * (p0[i] - x)
          expAvg[i] = o.beta1 * expAvg[i] + d * (1 - o.beta1) * g
          expAvgSq[i] = o.beta2 * expAvgSq[i] + d * d * (1 - o.beta2) * g * g
          s[i] = beta3 * s[i] + (d / o.d0) * (o.safeguardWarmup ? d : dlr) * g
          denominator += Math.abs(s[i])
        })
      })
      const dHat = (o.dCoef * numerator) / denominator
      if (d === o.d0) d = Math.max(d, dHat)
      dMax = Math.max(dMax, dHat)
      d = Math.min(dMax, d * (o.growthRate ?? Number.POSITIVE_INFINITY))
      for (const { p, state } of tensors) {
        Object.assign(state, { d: [d], dMax: [dMax], dNumerator: [numerator] })
        p.forEach((x, i) => {
          const decayed = o.decouple ? x - o.weightDecay * dlr * x : x
          p[i] = decayed - (dlr * state.expAvg[i]) / (Math.sqrt(state.expAvgSq[i]) + d * o.eps)
        })
      }
    },
  },
  NovoGrad: {
    variants: [
      { lr: 0.05, betas: [0.8, 0.6], eps: 1e-3, epsRoot: 1e-4, ...decay },
      { lr: 0.05, betas: [0, 0.6], eps: 1e-3, maximize: true },
    ],
    formula({ p, state }, g, t, o) {
      const squared = norm(g) ** 2
      state.expAvgSq = [t === 1 ? squared : o.beta2 * state.expAvgSq[0] + (1 - o.beta2) * squared]
      state.expAvg ??= p.map(() => 0)
      g.forEach((x, i) => {
        const normalized = x / (Math.sqrt(state.expAvgSq[0] + o.epsRoot) + o.eps)
        state.expAvg[i] = o.beta1 * state.expAvg[i] + normalized + o.weightDecay * p[i]
        p[i] -= o.lr * state.expAvg[i]
      })
    },
  },
}
