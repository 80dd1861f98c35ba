// Muon as it is used: over the matrices, with AdamW over all other parameters.
import { AdamW, type LoopOptimizer, Muon } from 'cauchy'
import type { BackendName, Start } from './contenders'

/** Both take the same rate: `matchRmsAdamW` makes Muon's steps as long as AdamW's. Nothing decays. */
export function muonWithAdamW(
  params: Start,
  { momentum = 0.95, lr }: Record<string, number>,
  backend: BackendName,
): LoopOptimizer {
  const entries = Object.entries(params)
  const matrices = entries.filter(([, { shape }]) => shape.length === 2)
  const others = entries.filter(([, { shape }]) => shape.length !== 2)
  const muon = new Muon(Object.fromEntries(matrices), {
    lr,
    momentum,
    weightDecay: 0,
    adjustLr: 'matchRmsAdamW',
    backend,
  })
  if (others.length === 0) return muon
  const adamW = new AdamW(Object.fromEntries(others), { lr, weightDecay: 0, backend })
  return Object.assign(together([muon, adamW]), { backend: muon.backend })
}

/** Optimizers over different tensors as one. */
function together(parts: readonly LoopOptimizer[]): LoopOptimizer {
  const joined = (key: 'params' | 'grads') => Object.assign({}, ...parts.map((part) => part[key]))
  return {
    groups: parts.flatMap(({ groups }) => groups),
    params: joined('params'),
    grads: joined('grads'),
    train: () => {
      for (const part of parts) part.train()
    },
    eval: () => {
      for (const part of parts) part.eval()
    },
    step(_, options) {
      const [info] = parts.map((part) => part.step(undefined, options))
      return info
    },
    stateDict: () => ({ parts: parts.map((part) => part.stateDict()) }),
    loadStateDict() {
      throw new Error('bench: a run begins afresh and loads no state')
    },
  }
}
