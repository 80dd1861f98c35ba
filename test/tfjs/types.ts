// How `toTfjs` is used with TensorFlow.js' own types; compiled by test/tfjs.test.ts.
import * as core from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { AdamW, EMA, splitByDecay } from 'cauchy'
import { toTfjs } from 'cauchy/tfjs'

const optimizer = toTfjs(core, (params) => new EMA(new AdamW(splitByDecay(params), { lr: 1e-3 })))
layers.sequential().compile({ optimizer, loss: 'meanSquaredError' })
const cost: core.Scalar | null = optimizer.minimize(() => core.scalar(1), true)
optimizer.learningRate = 0.1
const rate: number | undefined = optimizer.learningRate
const steps: number = optimizer.optimizers[0].stepCount
// @ts-expect-error: the factory must return an optimizer
toTfjs(core, () => 7)

export { cost, rate, steps }
