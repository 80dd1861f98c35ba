// A network of dense layers over a table, with a loss: classification and regression.
import { createRandom, type FloatArray, init, type Random, type Tensors } from 'cauchy'
import { type Activation, createStack } from './dense'
import type { BenchProblem } from './entry'
import type { Loss } from './losses'
import type { Table } from './table'

export interface NetworkOptions extends Pick<BenchProblem, 'name' | 'length' | 'batchSize' | 'target'> {
  readonly table: Table
  /** Units of the layers between; none for a linear model. */
  readonly hidden?: readonly number[]
  /** Default 'relu'. */
  readonly activation?: Activation
  readonly outputs: number
  readonly loss: Loss
  /** Adds ½·l2·‖W‖² to the training loss. Default 0. */
  readonly l2?: number
  /** Fills weights [outputs × inputs]; biases are 0. Default He's for ReLU, else Xavier's. */
  readonly initialize?: (w: Float32Array, shape: [number, number], random: Random) => FloatArray
}

/** Parameters in float32: `w1` [outputs × inputs], `b1`, `w2`, … */
export function createNetwork(options: NetworkOptions): BenchProblem {
  const { table, hidden = [], activation = 'relu', outputs, loss, l2 = 0, initialize, ...rest } = options
  const widths = [table.width, ...hidden, outputs]
  const stack = createStack(widths, activation)
  const { input, output, outputSlope } = stack
  const fill =
    initialize ??
    ((w, shape, random) =>
      activation === 'relu' && hidden.length > 0
        ? init.heNormal(w, { shape, random })
        : init.xavierUniform(w, { shape, random }))

  function predict(params: Tensors, row: number): number {
    const { features, width, targets } = table
    for (let k = 0, at = row * width; k < width; k++, at++) input[k] = features[at]
    stack.forward(params)
    return loss.of(output, targets[row], outputSlope)
  }

  return {
    ...rest,
    data: { train: table.train },
    shapes: Object.fromEntries(widths.slice(1).map((units, l) => [`w${l + 1}`, [units, widths[l]]])),
    params(seed) {
      const random = createRandom(seed)
      const params: Tensors = {}
      for (let l = 1; l < widths.length; l++) {
        const [inputs, units] = [widths[l - 1], widths[l]]
        params[`w${l}`] = fill(new Float32Array(units * inputs), [units, inputs], random)
        params[`b${l}`] = new Float32Array(units)
      }
      return params
    },

    lossAndGrad(params, grads, batch = new Uint32Array()) {
      for (const name in grads) grads[name].fill(0)
      let sum = 0
      for (let b = 0; b < batch.length; b++) {
        sum += predict(params, batch[b])
        for (let k = 0; k < outputs; k++) outputSlope[k] /= batch.length
        stack.backward(params, grads)
      }
      return sum / batch.length + (l2 === 0 ? 0 : decay(params, grads, l2))
    },

    validate(params) {
      let [sum, right, error] = [0, 0, 0]
      const { train, count, targets } = table
      for (let row = train; row < count; row++) {
        sum += predict(params, row)
        if (loss.isRight?.(output, targets[row])) right++
        if (loss.error) error += loss.error(output, targets[row])
      }
      const held = count - train
      return {
        loss: sum / held,
        ...(loss.isRight && { accuracy: right / held }),
        ...(loss.error && { absoluteError: error / held }),
      }
    },
  }
}

/** ½·l2·‖W‖², biases left out; adds its gradient. */
function decay(params: Tensors, grads: Tensors, l2: number): number {
  let sum = 0
  for (const name in params) {
    if (!name.startsWith('w')) continue
    for (let i = 0; i < params[name].length; i++) {
      sum += params[name][i] * params[name][i]
      grads[name][i] += l2 * params[name][i]
    }
  }
  return (l2 / 2) * sum
}
