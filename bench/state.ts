// What low-precision state costs in accuracy: tables on standard output. `npm run bench:step` has what it saves in time.
// npm run bench:build && node build/bench/state.mjs [--seeds 5]
import { parseArgs } from 'node:util'
import type { StateDtype } from 'cauchy'
import Table from 'cli-table3'
import { digitsNetwork, matrix, type Run, shrinking } from './state/problems'

const { values: flags } = parseArgs({
  options: { seeds: { type: 'string', default: '5' } },
})
const style = { style: { head: [], border: [], compact: true } }
const FORMATS: readonly StateDtype[] = ['float32', 'bf16', 'int8']
const PACKED = FORMATS.slice(1)

async function losses(name: string, run: Run): Promise<(string | number)[]> {
  const means: number[] = []
  for (const format of FORMATS) {
    let sum = 0
    for (let seed = 1; seed <= Number(flags.seeds); seed++) sum += await run(format, seed)
    means.push(sum / Number(flags.seeds))
  }
  const change = (loss: number) => `${loss.toFixed(5)} (${((loss / means[0] - 1) * 100).toFixed(2)} %)`
  return [name, means[0].toFixed(5), ...means.slice(1).map(change)]
}

const final = new Table({ ...style, head: ['mean final loss', ...FORMATS] })
final.push(await losses('digits, 64-128-10', digitsNetwork()), await losses('1 Mi parameters', matrix))
console.log(`AdamW, ${flags.seeds} seeds\n${final}`)

const multiples = [1, 2, 5, 10]
const means = shrinking(multiples)
const table = new Table({ ...style, head: ['state', 'β₂', ...multiples.map((k) => `${k}/(1 − β₂)`)] })
for (const beta2 of [0.99, 0.999]) {
  const expected = means('float32', beta2)
  for (const format of PACKED) {
    table.push([format, beta2, ...means(format, beta2).map((mean, k) => (mean / expected[k]).toFixed(3))])
  }
}
console.log(`Mean of v over float32's, after gradients shrank a hundred times\n${table}`)
