// Timing of competing candidates in one interleaved run: Benchmark.js measures, rounds alternate, medians count.
import Benchmark from 'benchmark'

export interface Candidate {
  readonly name: string
  /** One step over all elements. */
  readonly run: () => void
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Median seconds a call of each candidate, over `rounds` rounds in which each is measured once. */
export function measure(
  candidates: readonly Candidate[],
  rounds: number,
  seconds: number,
): Map<string, number> {
  const times = new Map(candidates.map(({ name }) => [name, [] as number[]]))
  for (const { run } of candidates) run()
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of candidates) {
      const bench = new Benchmark(name, run, {
        maxTime: seconds,
        minTime: seconds / 4,
        minSamples: 3,
        initCount: 1,
      })
      bench.run({ async: false })
      times.get(name)?.push(median(bench.stats.sample))
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]))
}
