// What one sees while a benchmark runs: a bar with the time left on a terminal, a line per study elsewhere.
import { MultiBar, Presets } from 'cli-progress'

export interface Progress {
  start(total: number, done: number, jobs: number): void
  /** What was done last. */
  advance(weight: number, label: string): void
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
    start(_total, _done, count) {
      jobs = count
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
  let [total, before, value, jobs, done] = [0, 0, 0, 0, 0]
  let bar: ReturnType<MultiBar['create']> | undefined
  const left = () => {
    const share = (value - before) / (total - before)
    return share < 0.01 ? '…' : `${duration(((performance.now() - began) / 1000) * (1 / share - 1))} left`
  }
  const timer = setInterval(() => bar?.update({ left: left() }), 1000)
  return {
    start(all, already, count) {
      ;[total, before, value, jobs] = [all, already, already, count]
      bar = bars.create(total, value, { left: '…', label: '', done, jobs })
    },
    advance(weight, label) {
      value += weight
      bar?.update(value, { left: left(), label, done, jobs })
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
