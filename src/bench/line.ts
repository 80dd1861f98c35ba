// One line of results.jsonl: read, and checked to be a record.
import { show } from '../check'
import type { BenchRecord } from './records'

const ADVICE = ': remove the line, and go on with --resume'
const FIRST = ': the first line says what was run; restore it, or begin anew in another directory'

const adviceOn = (where: string) => (where.endsWith(':1') ? FIRST : ADVICE)

type Kind = 'string' | 'number' | 'object' | 'boolean'

/** What summary and report rely on; with a question mark also null. */
const FIELDS: Record<BenchRecord['kind'], Record<string, Kind | `${Kind}?`>> = {
  header: { cauchy: 'string', date: 'string', command: 'object', config: 'object' },
  run: {
    study: 'string',
    id: 'string',
    problem: 'string',
    optimizer: 'string',
    schedule: 'string',
    options: 'object',
    seed: 'number',
    phase: 'string',
    outcome: 'string',
    reason: 'string?',
    initialLoss: 'number?',
    finalLoss: 'number?',
    bestLoss: 'number?',
    validation: 'object?',
    curve: 'object',
    trajectory: 'object?',
    stepsToTarget: 'number?',
    secondsToTarget: 'number?',
    seconds: 'object',
    serial: 'boolean',
    steps: 'number',
  },
  check: { study: 'string', id: 'string', hashes: 'object', same: 'boolean' },
  throughput: { optimizer: 'string', backend: 'string', isa: 'string', n: 'number', nsPerParam: 'number' },
}

function checkFields(where: string, record: BenchRecord): void {
  for (const [name, wanted] of Object.entries(FIELDS[record.kind])) {
    const value = (record as unknown as Record<string, unknown>)[name]
    const kind = wanted.replace('?', '')
    if (value === null ? wanted !== kind : typeof value === kind) continue
    const text = `${kind === 'object' ? 'an' : 'a'} ${kind}${wanted === kind ? '' : ' or null'}`
    throw new TypeError(`${where}: ${name} must be ${text}, got ${show(value)}${adviceOn(where)}`)
  }
}

/** @param where file and line */
export function parseLine(line: string, where: string): BenchRecord {
  let record: BenchRecord
  try {
    // Some editors begin a file with a mark of the byte order.
    record = JSON.parse(line.replace(/^\uFEFF/, ''))
  } catch {
    throw new SyntaxError(`${where} must be JSON, got ${JSON.stringify(line.slice(0, 40))}${adviceOn(where)}`)
  }
  if (!['header', 'run', 'check', 'throughput'].includes(record?.kind)) {
    throw new TypeError(`${where} must be a record of a benchmark, got ${JSON.stringify(line.slice(0, 40))}`)
  }
  if (record.kind === 'header' && record.version !== 1) {
    throw new RangeError(`${where}: version must be 1, got ${record.version}`)
  }
  checkFields(where, record)
  return record
}
