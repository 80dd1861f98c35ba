// The figures of time: the optimizer's share of a step, and its throughput.
import type { Results } from '../../bench/records'
import type { StudySummary } from '../../bench/summary'
import { brief } from '../../bench/summary/words'
import type { Figure } from '../charts/data'
import { type Numbering, short } from './shared'

/** Where there is only one instruction set, it goes without saying. */
export const backendName = ({ backend, isa }: { backend: string; isa: string }) =>
  ['none', 'simd128', ''].includes(isa) ? backend : `${backend} ${isa}`

export function splitFigure(studies: readonly StudySummary[], number: Numbering): Figure | null {
  const cells = studies.flatMap((study) => {
    if (study.time === null || !Number.isFinite(study.time.optimizerShare)) return []
    const { gradient, optimizer, optimizerShare } = study.time
    const time = { share: short(optimizerShare) as number, gradient, optimizer }
    return [{ contender: number(study), problem: study.problem, ...time }]
  })
  if (cells.length === 0) return null
  const shares = cells.map(({ share }) => 100 * share)
  const alt = `The optimizer's share of the time of a step lies between ${brief(Math.min(...shares))} % and ${brief(Math.max(...shares))} %.`
  const title = "The optimizer's share of a step, %"
  return { name: 'time', title, alt, chart: { kind: 'split', cells } }
}

export function throughputFigure({ throughput }: Results): Figure | null {
  if (throughput.length === 0) return null
  const rows = throughput.map((record) => ({
    optimizer: record.optimizer,
    series: backendName(record),
    n: record.n,
    ns: record.nsPerParam,
  }))
  const roofs = new Map<string, (typeof rows)[number]>()
  for (const { optimizer, n, rooflineNsPerParam: ns } of throughput) {
    const key = `${optimizer} ${n}`
    if (ns !== null && ns < (roofs.get(key)?.ns ?? Number.POSITIVE_INFINITY)) {
      roofs.set(key, { optimizer, series: 'roofline', n, ns })
    }
  }
  const all = [...rows, ...roofs.values()].sort((a, b) => a.n - b.n)
  const alt = `Nanoseconds per parameter of one step at ${new Set(rows.map(({ n }) => n)).size} sizes, beside the roofline: the faster of a copy and a step of SGD over as many bytes.`
  return {
    name: 'throughput',
    title: 'Throughput, beside what the memory allows',
    alt,
    chart: { kind: 'throughput', rows: all },
  }
}
