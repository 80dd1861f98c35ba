// Opens problems by name: those of this package, and the user's own files.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkInteger, kindError, show } from '../check'
import { checkMetrics, type Metrics } from '../loop/metrics'
import { checkProblem } from '../problem'
import { type BenchProblem, problems } from '../problems/index'
import type { ProblemInfo } from './records'

/** What leads to a problem: a name, or the path of a module. */
export interface Reference {
  readonly name: string
  readonly file: string | null
}

const BATCH_SIZE = 32
const LENGTH = { data: 20, none: 1000 }

let imports = 0
const opened = new Map<string, BenchProblem>()

/** The problem; of a user's file a fresh copy each time, so that no run sees what another left behind. */
export async function openProblem({ name, file }: Reference): Promise<BenchProblem> {
  if (file !== null) return importProblem(file)
  const known = opened.get(name)
  if (known !== undefined) return known
  const entry = problems.find((candidate) => candidate.name === name)
  if (entry === undefined) throw new RangeError(`bench: there is no problem ${JSON.stringify(name)}`)
  const problem = entry.create()
  opened.set(name, problem)
  return problem
}

async function importProblem(file: string): Promise<BenchProblem> {
  const module = await import(`${pathToFileURL(file).href}?${imports++}`)
  const given = module.default
  if (given === undefined) throw new TypeError(`${basename(file)} must have a default export, the problem`)
  const problem = typeof given?.create === 'function' ? given.create() : given
  return checkBenchProblem(basename(file), problem)
}

function checkBenchProblem(who: string, value: unknown): BenchProblem {
  const problem = checkProblem(who, value) as BenchProblem
  if (!/^[\w.-]+$/.test(problem.name)) {
    throw new RangeError(
      `${who}: problem.name must be of letters, digits, '-', '_' and '.', got ${JSON.stringify(problem.name)}`,
    )
  }
  if (problem.length !== undefined) checkInteger(`${who}: problem.length`, problem.length, 1)
  if (problem.batchSize !== undefined) checkInteger(`${who}: problem.batchSize`, problem.batchSize, 1)
  return problem
}

export interface Description extends Omit<ProblemInfo, 'leftOut'> {
  /** Some parameter is a matrix, and the problem says so. */
  matrices: boolean
}

/** What the plan needs to know about a problem, trained `scale` times its own length. */
export async function describe(reference: Reference, scale: number): Promise<Description> {
  const problem = await openProblem(reference)
  const entry = problems.find(({ name }) => reference.file === null && name === reference.name)
  const { data, validate, target } = problem
  const params = problem.params(0)
  if (typeof params !== 'object' || params === null || 'then' in params) {
    throw kindError(`${problem.name}: params(0)`, 'a record of typed arrays', params)
  }
  const validation = validate ? checkMetrics(problem.name, problem.validate?.(params)) : null
  if (target && target.metric !== 'loss') checkMetric(problem, target.metric, validation)
  const length = Math.max(1, Math.round(scale * (problem.length ?? (data ? LENGTH.data : LENGTH.none))))
  const batchSize = batchSizeOf(problem)
  return {
    name: problem.name,
    kind: entry?.kind ?? (data ? 'data' : 'landscape'),
    summary: entry?.summary ?? '',
    file: reference.file,
    fileHash: reference.file && hashOf(reference.file),
    length,
    batchSize,
    steps: stepsOf(problem, length, batchSize),
    parameters: Object.values(params).reduce((sum, array) => sum + array.length, 0),
    target: target ?? null,
    matrices: hasMatrices(problem),
  }
}

/** Examples in a batch, `wanted` or the problem's own; null without data. */
export function batchSizeOf(
  { data, batchSize }: BenchProblem,
  wanted = batchSize ?? BATCH_SIZE,
): number | null {
  return data ? Math.min(wanted, data.train) : null
}

/** Steps of a run: `length` epochs with data. */
export function stepsOf({ data }: BenchProblem, length: number, batchSize: number | null): number {
  return data && batchSize !== null ? length * Math.ceil(data.train / batchSize) : length
}

/** Some parameter is a matrix, and the problem says so. */
export function hasMatrices({ shapes = {} }: BenchProblem): boolean {
  return Object.values(shapes).some((shape) => shape.length === 2)
}

/** SHA-256 over the bytes of files. */
export function hashOf(...files: readonly (string | URL)[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

function checkMetric({ name }: BenchProblem, metric: string, measured: Metrics | null) {
  if (measured === null) {
    throw new RangeError(
      `${name}: target.metric must be loss where there is no validate, got ${show(metric)}`,
    )
  }
  const names = ['loss', ...Object.keys(measured).map((key) => `validation.${key}`)]
  if (names.includes(metric)) return
  throw new RangeError(
    `${name}: target.metric must be one of ${names.join(', ')}, got ${JSON.stringify(metric)}`,
  )
}
