// What a step costs once gradients are tiny or dead: each rule, against live gradients, on the same memory.
import { type Effort, median, secondsOf } from './measure'
import { rowOf } from './rows'
import { type Stepping, stepOf } from './rules'
import type { Row, Spec } from './spec'
import { bytesMoved, ruleOf } from './subject'
import { createOptimizer } from './targets'

export const MAGNITUDES = [1, 1e-12, 1e-19, 1e-25, 1e-36, 0]
/** After live gradients, at rates of 0.9: 0.9¹⁵⁰⁰ ≈ 1e-69, below every float32. */
const STEPS = 1500

function fillGrads({ grads }: Stepping, scale: number): void {
  for (const g of grads) for (let i = 0; i < g.length; i++) g[i] = scale * (1 + (i % 13) / 13)
}

/** One row per magnitude. Where memory lies makes more difference than what it holds, hence one optimizer for all. */
export function deadGradients(spec: Spec, { rounds, seconds }: Effort): Row[] {
  const rule = ruleOf(spec)
  const opt = createOptimizer(rule, spec, [[spec.n]], rule.forgetful)
  const step = stepOf(rule, opt)
  const fresh = opt.stateDict()
  const times = MAGNITUDES.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    MAGNITUDES.forEach((magnitude, k) => {
      opt.params[0].fill(0.5)
      opt.loadStateDict(fresh)
      fillGrads(opt, 1)
      for (let t = 0; t < 10; t++) step()
      fillGrads(opt, magnitude)
      for (let t = 0; t < STEPS; t++) step()
      times[k].push(secondsOf(String(magnitude), step, seconds))
    })
  }
  const medians = times.map(median)
  return MAGNITUDES.map((magnitude, k) => {
    const row = rowOf({ spec, bytes: bytesMoved(rule, spec) }, medians[k], null)
    return { ...row, magnitude, overLive: medians[k] / medians[0] }
  })
}
