// Timing of competing candidates in one interleaved run: Benchmark.js measures, rounds alternate, medians count.
import Benchmark from 'benchmark'

export interface Candidate {
  readonly name: string
  /** One step over all elements. */
  readonly run: () => unknown
  /** What must be done before a round, untimed. */
  readonly before?: () => Promise<unknown>
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** Per candidate and round. */
  readonly seconds: number
}

export const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Median seconds a call. */
export function secondsOf(name: string, run: () => unknown, seconds: number): number {
  const bench = new Benchmark(name, run, {
    maxTime: seconds,
    minTime: seconds / 4,
    minSamples: 3,
    initCount: 1,
  })
  bench.run({ async: false })
  if (bench.error) throw bench.error
  return median(bench.stats.sample)
}

/** Median seconds a call of each candidate, over rounds in which each is measured once, with Benchmark.js or `time`. */
export async function measure<C extends Candidate>(
  candidates: readonly C[],
  { rounds, seconds }: Effort,
  time: (candidate: C, seconds: number) => number = ({ name, run }) => secondsOf(name, run, seconds),
): Promise<Map<C, number>> {
  const times = candidates.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [k, candidate] of candidates.entries()) {
      await candidate.before?.()
      if (round === 0) candidate.run()
      times[k].push(time(candidate, seconds))
    }
  }
  return new Map(candidates.map((candidate, k) => [candidate, median(times[k])]))
}
