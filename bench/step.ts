// `npm run bench`: ns per parameter of an AdamW step, float32, one thread, on every backend; and what tiny
// gradients cost. With --json one document on standard output, with --quick the small sizes only.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { backendInfo } from 'cauchy'
import Table from 'cli-table3'
import { candidates, withIsa } from './step/candidates'
import { type DeadRow, deadGradients, MAGNITUDES } from './step/dead-gradients'
import { measure } from './step/measure'

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, dead: { type: 'boolean' } },
})

interface Row {
  readonly n: number
  readonly candidate: string
  readonly nsPerParam: number
  /** Time of the fastest native stream of the same size over this time; null without the addon. */
  readonly ofMemoryLimit: number | null
  /** Time of the plain loop over this time. */
  readonly overPlainLoop: number
}

function nativeIsas(): string[] {
  return ['avx512', 'avx2', 'sse2', 'neon'].filter((isa) => {
    try {
      return withIsa(isa, () => backendInfo({ backend: 'native' })).isa === isa
    } catch {
      return false
    }
  })
}

function steps(isas: string[], sizes: number[], rounds: number, seconds: number): Row[] {
  return sizes.flatMap((n) => {
    const times = measure(candidates(n, isas), rounds, seconds)
    const limit = Math.min(...isas.map((isa) => times.get(`stream ${isa}`) as number))
    return [...times].map(([candidate, time]) => ({
      n,
      candidate,
      nsPerParam: (time * 1e9) / n,
      ofMemoryLimit: isas.length > 0 ? limit / time : null,
      overPlainLoop: (times.get('plain loop') as number) / time,
    }))
  })
}

const style = { style: { head: [], border: [], compact: true } }

function print(rows: Row[], dead: DeadRow[]): void {
  const machine = `${cpus()[0].model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
  if (rows.length > 0) {
    const table = new Table({
      ...style,
      head: ['n', 'candidate', 'ns/param', 'of memory limit', '× plain loop'],
    })
    for (const { n, candidate, nsPerParam, ofMemoryLimit, overPlainLoop } of rows) {
      table.push([
        n,
        candidate,
        nsPerParam.toFixed(3),
        ofMemoryLimit?.toFixed(2) ?? '–',
        overPlainLoop.toFixed(2),
      ])
    }
    console.log(`AdamW, float32, one thread, medians (${machine})\n${table}`)
  }
  const magnitudes = MAGNITUDES.map(String)
  const table = new Table({ ...style, head: ['rule', 'backend', ...magnitudes] })
  for (const { rule, backend, ratios } of dead) {
    table.push([rule, backend, ...magnitudes.map((key) => ratios[key].toFixed(2))])
  }
  console.log(`Cost of a step at gradients of a magnitude, over one at magnitude 1 (${machine})\n${table}`)
}

const isas = nativeIsas()
const sizes = flags.dead ? [] : flags.quick ? [65536, 1 << 20] : [65536, 1 << 20, 1 << 24]
const [rounds, seconds] = flags.quick ? [5, 0.05] : [9, 0.15]
const rows = steps(isas, sizes, rounds, seconds)
const dead = deadGradients(isas.length > 0 ? ['native', 'wasm'] : ['wasm'], rounds, seconds / 3)
if (flags.json) {
  const { model } = cpus()[0]
  console.log(
    JSON.stringify({ cpu: model, node: process.versions.node, date: new Date().toISOString(), rows, dead }),
  )
} else {
  print(rows, dead)
}
