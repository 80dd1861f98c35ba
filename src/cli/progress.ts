// What one sees while a benchmark runs: a bar with the time left on a terminal, a line per study elsewhere.
import { MultiBar, Presets } from 'cli-progress'
import type { Work } from '../bench/bench'
import { sum } from '../bench/summary/statistics'

export interface Progress {
  start(works: readonly Work[]): void
  /** What was done last, in so many seconds; 0 where it was left out. */
  advance(study: string, weight: number, seconds: number): void
  /** One of the jobs is complete. */
  finished(line: string): void
  /** Something to read. */
  note(text: string): void
  stop(): void
}

export function createProgress(): Progress {
  return process.stderr.isTTY ? createBar() : createLines()
}

function createLines(): Progress {
  let [jobs, done] = [0, 0]
  const print = (text: string) => process.stderr.write(`${text}\n`)
  return {
    start(works) {
      jobs = works.length
    },
    advance() {},
    finished(line) {
      done++
      print(`[${String(done).padStart(String(jobs).length)}/${jobs}] ${line}`)
    },
    note: print,
    stop() {},
  }
}

interface Payload {
  readonly left: string
  readonly done: number
  readonly jobs: number
  readonly label: string
}

/** Characters of a name that still tell something. */
const SHORTEST = 12

/** As much as fits into the columns; a name that does not is cut with '…'. */
export function barText(columns: number, progress: number, { left, done, jobs, label }: Payload): string {
  const size = columns < 100 ? 12 : 24
  const full = Math.floor(size * progress)
  const bar = `${'█'.repeat(full)}${'░'.repeat(size - full)} ${Math.floor(100 * progress)} %`
  const parts = [bar, left, `${done}/${jobs} studies`]
  while (parts.length > 1 && parts.join(' · ').length >= columns) parts.pop()
  const text = parts.join(' · ')
  const room = columns - 1 - `${text} · `.length
  if (label === '' || parts.length < 3 || room < Math.min(label.length, SHORTEST)) return text
  return `${text} · ${label.length > room ? `${label.slice(0, room - 1)}…` : label}`
}

/** Time left, going by what each problem's runs took so far; those of a new problem take what all others did. */
export function createClock(works: readonly Work[]) {
  const paces = new Map(works.map(({ problem }) => [problem, { left: 0, weight: 0, seconds: 0 }]))
  const paceOf = (problem: string) => paces.get(problem) ?? { left: 0, weight: 0, seconds: 0 }
  for (const { problem, planned, done } of works) paceOf(problem).left += planned - done
  return {
    advance(problem: string, weight: number, seconds: number) {
      const pace = paceOf(problem)
      pace.left -= weight
      if (seconds === 0) return
      pace.weight += weight
      pace.seconds += seconds
    },
    /** @param elapsed seconds since the start, in which more than one run may have been worked on at a time */
    left(elapsed: number): string {
      const all = [...paces.values()]
      const spent = sum(all.map(({ seconds }) => seconds))
      const usual = spent / sum(all.map(({ weight }) => weight))
      const needed = sum(
        all.map(({ left, weight, seconds }) => left * (weight > 0 ? seconds / weight : usual)),
      )
      if (!(needed > 0) || spent < 0.01 * needed) return '…'
      return `${duration(Math.max(1, (elapsed * needed) / spent))} left`
    },
  }
}

function createBar(): Progress {
  const bars = new MultiBar(
    {
      format: (_options, { progress }, payload) => barText(process.stderr.columns ?? 80, progress, payload),
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    },
    Presets.shades_classic,
  )
  const began = performance.now()
  let [value, jobs, done] = [0, 0, 0]
  let clock: ReturnType<typeof createClock> | undefined
  let bar: ReturnType<MultiBar['create']> | undefined
  const left = () => clock?.left((performance.now() - began) / 1000) ?? '…'
  const timer = setInterval(() => bar?.update({ left: left() }), 1000)
  return {
    start(works) {
      clock = createClock(works)
      value = sum(works.map((work) => work.done))
      jobs = works.length
      const total = sum(works.map(({ planned }) => planned))
      bar = bars.create(total, value, { left: '…', label: '', done, jobs })
    },
    advance(study, weight, seconds) {
      value += weight
      clock?.advance(study.split('/')[0], weight, seconds)
      bar?.update(value, { left: left(), label: study, done, jobs })
    },
    finished() {
      done++
      bar?.update(value, { done })
    },
    note: (text) => bars.log(`${text}\n`),
    stop() {
      clearInterval(timer)
      bars.stop()
    },
  }
}

/** '8 s', '3 min 5 s', '2 h 10 min' */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
}
