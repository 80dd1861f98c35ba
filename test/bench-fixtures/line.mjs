// A straight line through points, with data, validation and a target.
const xs = Float64Array.from({ length: 64 }, (_, i) => i / 32 - 1)

export default {
  name: 'line',
  length: 10,
  batchSize: 8,
  data: { train: 48 },
  target: { metric: 'validation.loss', value: 0.01, mode: 'min' },
  params: (seed) => ({ w: Float32Array.of(0.1 * seed), b: new Float32Array(1) }),
  lossAndGrad({ w, b }, grads, batch) {
    let [loss, dw, db] = [0, 0, 0]
    for (const i of batch) {
      const error = w[0] * xs[i] + b[0] - (2 * xs[i] + 1)
      loss += (0.5 * error * error) / batch.length
      dw += (error * xs[i]) / batch.length
      db += error / batch.length
    }
    grads.w[0] = dw
    grads.b[0] = db
    return loss
  },
  validate({ w, b }) {
    let loss = 0
    for (let i = 48; i < 64; i++) loss += (0.5 * (w[0] * xs[i] + b[0] - (2 * xs[i] + 1)) ** 2) / 16
    return { loss }
  },
}
