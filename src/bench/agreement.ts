// Which results belong together: of one version and one configuration, with records that do not contradict each other.
import { version } from '../../package.json'
import {
  type BenchRecord,
  type Config,
  canonicalJson,
  type Header,
  type ProblemInfo,
  type Results,
  type RunRecord,
} from './records'

/** What was asked for fits neither the directory nor itself. */
export class ConflictError extends Error {}

/** Throws unless everything in `directory` comes from this version: another may search or train otherwise. */
export function checkVersion(directory: string, headers: readonly Header[]): void {
  const other = headers.find(({ cauchy }) => cauchy !== version)
  if (other === undefined) return
  throw new ConflictError(
    `${directory} must have been run by cauchy ${version}, as this is, got results of cauchy ${other.cauchy}: ` +
      `go on with cauchy@${other.cauchy}, or measure again in another directory`,
  )
}

/** What differs between two configurations, in words. */
export function differences(before: Config, after: Config, word: 'now' | 'there'): string {
  const keys = (Object.keys(after) as (keyof Config)[]).filter((key) => key !== 'problems')
  const texts = keys
    .filter((key) => differs(before[key], after[key]))
    .map((key) => `${optionOf(key)} ${brief(before[key])}, ${word} ${brief(after[key])}`)
  const names = ({ problems }: Config) => problems.map(({ name }) => name)
  if (differs(names(before), names(after))) {
    texts.push(`problems ${brief(names(before))}, ${word} ${brief(names(after))}`)
  } else
    before.problems.forEach((problem, i) => void texts.push(...changes(problem, after.problems[i], word)))
  return texts.join('; ')
}

/** Of one problem. Where a user's file lies may differ, what is in it may not. */
function changes(before: ProblemInfo, after: ProblemInfo, word: string): string[] {
  const { name } = before
  if (before.fileHash !== after.fileHash) {
    const [was, is] = [before, after].map(({ fileHash }) => fileHash?.slice(0, 12) ?? 'none')
    return [`the file of problem ${name} is not the same (SHA-256 ${was}…, ${word} ${is}…)`]
  }
  return (Object.keys(after) as (keyof ProblemInfo)[])
    .filter((key) => key !== 'file' && differs(before[key], after[key]))
    .map((key) => `${key} of problem ${name} ${brief(before[key])}, ${word} ${brief(after[key])}`)
}

/** Throws when directories hold different results of the same run. */
export function checkAgreement(parts: readonly { directory: string; results: Results }[]): void {
  const seen = new Map<string, { directory: string; record: BenchRecord }>()
  const starts: Starts = new Map()
  for (const { directory, results } of parts) {
    for (const run of results.runs) checkStart(starts, run, directory)
    for (const [key, loss] of startsOf(results.runs)) starts.set(key, loss)
    for (const record of [...results.runs, ...results.checks]) {
      const key = `${record.kind} ${record.study} ${record.id}`
      const known = seen.get(key)
      if (known === undefined) seen.set(key, { directory, record })
      else if (contradicts(known.record, record)) {
        throw new ConflictError(
          `${directory} must agree with ${known.directory}, got another result of ${record.study}, ${record.kind} ${record.id}: one of the two is not what cauchy bench measured there`,
        )
      }
    }
  }
}

/** The loss at the start, by seed and problem. */
type Starts = Map<string, number>

const startOf = ({ problem, seed }: RunRecord) => `${seed} ${problem}`

export function startsOf(runs: readonly RunRecord[]): Starts {
  return new Map(runs.flatMap((run) => (run.initialLoss === null ? [] : [[startOf(run), run.initialLoss]])))
}

/** Of a user's file only its own bytes are compared: where a run starts gives away a change of what it imports. */
export function checkStart(starts: Starts, run: RunRecord, directory: string): void {
  const { problem, seed, initialLoss: loss } = run
  const before = starts.get(startOf(run))
  // Engines differ in the last bits of Math.exp and the like.
  if (before === undefined || loss === null || Math.abs(loss - before) <= 1e-6 * Math.abs(before)) return
  throw new ConflictError(
    `${directory}: problem ${problem} must start as it did, at loss ${before} with seed ${seed}, got ${loss}: ` +
      'something that its file imports was changed, or it is not deterministic',
  )
}

function contradicts(a: BenchRecord, b: BenchRecord): boolean {
  if (a.kind === 'check' && b.kind === 'check') {
    return Object.keys(a.hashes).some(
      (backend) => backend in b.hashes && a.hashes[backend] !== b.hashes[backend],
    )
  }
  return differs(measured(a), measured(b))
}

/** A record without what depends on the machine. */
function measured(record: BenchRecord) {
  if (record.kind !== 'run') return record
  const { seconds, secondsToTarget, serial, backend, isa, ...rest } = record
  return rest
}

const differs = (a: unknown, b: unknown) => canonicalJson(a) !== canonicalJson(b)

/** As it is typed. */
const optionOf = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function brief(value: unknown): string {
  const text = Array.isArray(value)
    ? value.join(',')
    : typeof value === 'object' && value !== null
      ? canonicalJson(value)
      : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
