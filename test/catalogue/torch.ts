// The rest of torch.optim: the options it is tested at, and its rules transcribed from PyTorch's documentation in
// plain float64.
import type { Row } from './row'

const decay = { weightDecay: 0.03 }

export const rows: Record<string, Row> = {
  Adadelta: {
    variants: [
      { lr: 0.5, rho: 0.8, eps: 1e-3, ...decay },
      { lr: 0.5, rho: 0.95, eps: 1e-2, maximize: true },
    ],
    formula({ p, state }, g, _t, o) {
      state.squareAvg ??= p.map(() => 0)
      state.accDelta ??= p.map(() => 0)
      g.forEach((gi, i) => {
        const d = gi + o.weightDecay * p[i]
        state.squareAvg[i] = o.rho * state.squareAvg[i] + (1 - o.rho) * d * d
        const delta = (Math.sqrt(state.accDelta[i] + o.eps) / Math.sqrt(state.squareAvg[i] + o.eps)) * d
        state.accDelta[i] = o.rho * state.accDelta[i] + (1 - o.rho) * delta * delta
        p[i] -= o.lr * delta
      })
    },
  },
}
