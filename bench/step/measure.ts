// Timing of competing candidates in one interleaved run: Benchmark.js measures, rounds alternate, medians count.
import Benchmark from 'benchmark'

export interface Candidate {
  readonly name: string
  /** One step over all elements. */
  readonly run: () => void
}

export const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Median seconds a call. */
export function secondsOf(name: string, run: () => void, seconds: number): number {
  const bench = new Benchmark(name, run, {
    maxTime: seconds,
    minTime: seconds / 4,
    minSamples: 3,
    initCount: 1,
  })
  bench.run({ async: false })
  return median(bench.stats.sample)
}

/** Median seconds a call of each candidate, over `rounds` rounds in which each is measured once. */
export function measure(
  candidates: readonly Candidate[],
  rounds: number,
  seconds: number,
): Map<string, number> {
  const times = candidates.map((): number[] => [])
  for (const { run } of candidates) run()
  for (let round = 0; round < rounds; round++) {
    candidates.forEach(({ name, run }, k) => {
      times[k].push(secondsOf(name, run, seconds))
    })
  }
  return new Map(candidates.map(({ name }, k) => [name, median(times[k])]))
}
