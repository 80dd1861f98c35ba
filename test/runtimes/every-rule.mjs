// Every optimizer at its options under test, on every kind of value: the backend that is found gives the bits of
// JavaScript. Then the training run. Bundled with test/catalogue and run beside the packed package.

import * as cauchy from 'cauchy'
import { expectSameBits, expectSameState, offsetCopy, STREAMS, values } from '../bits'
import { classes, rows } from '../catalogue'
import { trainByText } from './project/training.mjs'

const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 17, 33, 1003]
const STEPS = 3

function run(name, options, dtype, stream, backend) {
  const start = LENGTHS.map((length, k) => offsetCopy(values('normal', dtype, length, 1000 + k), k % 5))
  const optimizer = new classes[name](start, { ...options, backend })
  for (let t = 1; t <= STEPS; t++) {
    const grads = LENGTHS.map((length, k) => offsetCopy(values(stream, dtype, length, t + 101 * k), k % 3))
    optimizer.step(grads, t === STEPS ? { gradScale: 0.5, clipValue: 1.25, clipNorm: 3 } : undefined)
  }
  return { params: start, state: optimizer.stateDict() }
}

const { name: backend } = cauchy.backendInfo()
for (const [name, { variants }] of Object.entries(rows)) {
  for (const options of variants) {
    for (const dtype of ['float32', 'float64']) {
      for (const stream of STREAMS) {
        const where = `${name} ${JSON.stringify(options)} ${dtype} ${stream}`
        const expected = run(name, options, dtype, stream, 'js')
        const actual = run(name, options, dtype, stream, backend)
        expected.params.forEach((array, k) => void expectSameBits(where, actual.params[k], array))
        expectSameState(where, actual.state, expected.state)
      }
    }
  }
}
console.log(JSON.stringify(await trainByText(cauchy)))
