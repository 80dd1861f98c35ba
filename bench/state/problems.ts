// What low-precision state is tried on: how v follows gradients that shrink, the digits, and a million parameters.
import { AdamW, createRandom, LambdaLR, type StateDtype, schedules, fit as train } from 'cauchy'
import { createNetwork } from '../../src/problems/network'
import { digits } from '../../src/problems/tables'
import { meanSecondMoment } from './second-moment'

/** Final loss of one run. */
export type Run = (stateDtype: StateDtype, seed: number) => Promise<number>

const EPOCHS = 15
const BATCH = 32

/** A network of 128 hidden units on the digits: its first layer has 8192 weights. */
export function digitsNetwork(): Run {
  const { table, ...rest } = digits()
  const problem = createNetwork({ name: 'digits', table, hidden: [128], ...rest })
  const all = Uint32Array.from({ length: table.train }, (_, i) => i)
  return async (stateDtype, seed) => {
    const params = problem.params(seed)
    const opt = new AdamW(params as Record<string, Float32Array>, { lr: 3e-3, stateDtype, seed })
    const totalSteps = EPOCHS * Math.ceil(table.train / BATCH)
    const lrLambda = schedules.warmupCosine({ lr: 1, warmupSteps: 20, totalSteps })
    const scheduler = new LambdaLR(opt, { lrLambda })
    await train(problem, opt, {
      epochs: EPOCHS,
      batchSize: BATCH,
      seed,
      scheduler,
      schedulerInterval: 'step',
      target: false,
    })
    return problem.lossAndGrad(params, problem.params(0), all)
  }
}

const SIZE = 1024
const STEPS = 400
const EXAMPLES = 8

/**
 * A 1024 × 1024 matrix W that learns W* from pairs x, y = W*·x + noise, 8 a step; feature j of x has the deviation
 * 1/√(j + 1). The loss is ½·E‖y − W·x‖² per row, exactly.
 */
export const matrix: Run = async (stateDtype, seed) => {
  const { normal } = createRandom(seed)
  const fill = (length: number, deviation: (i: number) => number) =>
    Float32Array.from({ length }, (_, i) => deviation(i) * normal())
  const teacher = fill(SIZE * SIZE, () => 1)
  const scale = Float64Array.from({ length: SIZE }, (_, j) => 1 / Math.sqrt(j + 1))
  const noise = 0.3
  const w = new Float32Array(SIZE * SIZE)
  const opt = new AdamW({ w }, { weightDecay: 0, stateDtype, seed })
  const rate = schedules.warmupCosine({ lr: 0.05, warmupSteps: 10, totalSteps: STEPS })
  const grad = new Float32Array(SIZE * SIZE)
  for (let t = 0; t < STEPS; t++) {
    grad.fill(0)
    for (let k = 0; k < EXAMPLES; k++) {
      const x = fill(SIZE, (j) => scale[j])
      for (let i = 0; i < SIZE; i++) {
        const row = i * SIZE
        let error = noise * normal()
        for (let j = 0; j < SIZE; j++) error += (w[row + j] - teacher[row + j]) * x[j]
        const delta = error / EXAMPLES
        for (let j = 0; j < SIZE; j++) grad[row + j] += delta * x[j]
      }
    }
    opt.groups[0].lr = rate(t)
    opt.step({ w: grad })
  }
  let excess = 0
  for (let i = 0; i < w.length; i++) excess += (w[i] - teacher[i]) ** 2 * scale[i % SIZE] ** 2
  return (excess / SIZE + noise ** 2) / 2
}

/** The mean of v over fp32's, at multiples of 1/(1 − β₂) steps after the gradients shrank a hundred times. */
export function shrinking(multiples: readonly number[]): (stateDtype: StateDtype, beta2: number) => number[] {
  const n = 16384
  const { normal } = createRandom(1)
  const pool = Array.from({ length: 61 }, () => Float32Array.from({ length: n }, normal))
  return (stateDtype, beta2) => {
    const opt = new AdamW({ w: [n] }, { lr: 0, betas: [0.9, beta2], weightDecay: 0, stateDtype })
    const horizon = Math.round(1 / (1 - beta2))
    const before = 3 * horizon
    const means: number[] = []
    for (let t = 1; t <= before + horizon * Math.max(...multiples); t++) {
      opt.step({ w: pool[t % pool.length] }, { gradScale: t <= before ? 1 : 0.01 })
      if (multiples.includes((t - before) / horizon)) means.push(meanSecondMoment(opt.stateDict().state.w))
    }
    return means
  }
}
