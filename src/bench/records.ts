// What a benchmark keeps: results.jsonl, one JSON object a line, only ever appended to.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Target } from '../problem'
import { parseLine } from './line'

export const RESULTS = 'results.jsonl'

export interface ProblemInfo {
  name: string
  kind: 'data' | 'landscape' | 'demonstration'
  summary: string
  /** The user's file, and the hash of its bytes; null for a problem of this package. */
  file: string | null
  fileHash: string | null
  /** Steps of one run, epochs with data, at this budget. */
  length: number
  batchSize: number | null
  /** Optimizer steps of one run. */
  steps: number
  parameters: number
  target: Target | null
  /** Optimizers of the bench that cannot take it. */
  leftOut: string[]
}

/** Everything that decides the records but for times and dates: what --resume and merge insist on. */
export interface Config {
  budget: 'quick' | 'standard' | 'full'
  problems: ProblemInfo[]
  optimizers: string[]
  schedules: string[]
  backend: 'auto' | 'native' | 'wasm' | 'js'
  search: 'grid' | 'random'
  /** Settings tried by every study: the same for every optimizer. */
  trials: number
  /** The best setting is trained with the seeds 1 … seeds; the search has seed 0, its leaders the two after these. */
  seeds: number
  /** Seconds that one run may take. */
  timeLimit: number
  /** 'i/n', or null for the whole. */
  shard: string | null
}

export interface Header {
  kind: 'header'
  version: 1
  cauchy: string
  node: string
  cpu: string
  cores: number
  platform: string
  date: string
  command: string[]
  config: Config
}

export interface Setting {
  optimizer: string
  /** `lr` among them. */
  options: Record<string, number>
  schedule: string
}

/** What is trained: everything that decides the bits. Its id is a hash of its canonical JSON. */
export interface RunSpec extends Setting {
  problem: string
  seed: number
  length: number
  batchSize: number | null
}

export interface RunRecord extends RunSpec {
  kind: 'run'
  id: string
  /** problem/optimizer/schedule */
  study: string
  /** The search at the tuning seed, its leaders at two more seeds, or the best setting over the seeds. */
  phase: 'tune' | 'repeat' | 'final'
  outcome: 'finished' | 'diverged' | 'failed' | 'timeout'
  /** In words, unless finished. */
  reason: string | null
  backend: string
  isa: string
  /** Of the final parameters. */
  hash: string | null
  /** Over all training examples. JSON has no NaN: null. */
  initialLoss: number | null
  finalLoss: number | null
  bestLoss: number | null
  /** At the end. */
  validation: Record<string, number> | null
  /**
   * At most 200 points, 25 in the search; `loss` is the mean training loss since the last point, `metric` the target's metric.
   * The first point is the start.
   */
  curve: { step: number[]; loss: (number | null)[]; metric: (number | null)[] }
  /** [x, y] at the steps of the curve: landscapes with a view only. */
  trajectory: number[][] | null
  stepsToTarget: number | null
  secondsToTarget: number | null
  /** Of training; the time spent on validation is in none of them. */
  seconds: { total: number; gradient: number; optimizer: number }
  /** Nothing else of this bench ran at the same time: seconds may be quoted. */
  serial: boolean
  steps: number
}

export interface BackendCheck {
  kind: 'check'
  study: string
  id: string
  /** By backend and instruction set. */
  hashes: Record<string, string>
  same: boolean
  /** False when the same run on one backend found other numbers: then the problem is not deterministic. */
  repeatable: boolean
}

export interface ThroughputRecord {
  kind: 'throughput'
  optimizer: string
  backend: string
  isa: string
  n: number
  nsPerParam: number
  rooflineNsPerParam: number | null
}

/** What a study leaves. */
export type StudyRecord = RunRecord | BackendCheck

export type BenchRecord = Header | StudyRecord | ThroughputRecord

export interface Results {
  /** One for every start: the first, then those of resumed and merged runs. */
  headers: Header[]
  /** In the order of study, phase and id: the same whatever ran in parallel. */
  runs: RunRecord[]
  checks: BackendCheck[]
  throughput: ThroughputRecord[]
  /** Bytes of the file up to the end of its last whole line: a crash may have cut the next one off. */
  wholeBytes: number
}

/** JSON with sorted keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

export function runId({ problem, optimizer, options, schedule, seed, length, batchSize }: RunSpec): string {
  const spec = { problem, optimizer, options, schedule, seed, length, batchSize }
  return createHash('sha256').update(canonicalJson(spec)).digest('hex').slice(0, 16)
}

export const studyName = (problem: string, optimizer: string, schedule: string) =>
  `${problem}/${optimizer}/${schedule}`

/** Reads results.jsonl of a directory; the same record twice counts once. */
export function readResults(directory: string): Results {
  return parseResults(readFileSync(join(directory, RESULTS), 'utf8'), join(directory, RESULTS))
}

export function parseResults(text: string, path: string): Results {
  const end = text.lastIndexOf('\n') + 1
  const results: Results = {
    headers: [],
    runs: [],
    checks: [],
    throughput: [],
    wholeBytes: Buffer.byteLength(text.slice(0, end)),
  }
  const seen = new Set<string>()
  for (const [i, line] of text.slice(0, end).split('\n').entries()) {
    if (line === '') continue
    const record = parseLine(line, `${path}:${i + 1}`)
    const key = keyOf(record)
    if (seen.has(key)) continue
    seen.add(key)
    if (record.kind === 'header') results.headers.push(record)
    else if (record.kind === 'run') results.runs.push(record)
    else if (record.kind === 'check') results.checks.push(record)
    else results.throughput.push(record)
  }
  if (results.headers.length === 0) {
    const got = text === '' ? 'an empty file' : JSON.stringify(text.slice(0, 40))
    throw new Error(`${path} must begin with a header of cauchy bench, got ${got}`)
  }
  for (const list of [results.runs, results.checks, results.throughput]) {
    list.sort((a: BenchRecord, b: BenchRecord) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }
  return results
}

const PHASES = ['tune', 'repeat', 'final']

function keyOf(record: BenchRecord): string {
  switch (record.kind) {
    case 'header':
      return canonicalJson(record)
    case 'run':
      return `${record.study} ${PHASES.indexOf(record.phase)} ${record.id}`
    case 'check':
      return `${record.study} ${PHASES.length} ${record.id}`
    case 'throughput':
      return `${record.optimizer} ${record.backend} ${record.isa} ${String(record.n).padStart(12)}`
  }
}
