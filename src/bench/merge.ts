// Several directories of one benchmark become one: what shards and machines measured, without duplicates.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConflictError, checkAgreement, checkVersion, differences } from './agreement'
import { writeRecords } from './files'
import { lockDirectory } from './lock'
import { canonicalJson, parseResults, RESULTS, type Results, readResults } from './records'
import { someOf } from './summary/words'

/** Writes results.jsonl into `out`; the same records give the same bytes, whatever the order of the directories. */
export function mergeResults(
  out: string,
  directories: readonly string[],
  note: (line: string) => void,
): Results {
  const path = join(out, RESULTS)
  if (existsSync(path)) throw new ConflictError(`${path} exists already: choose another directory`)
  for (const directory of directories) {
    if (existsSync(join(directory, RESULTS))) continue
    throw new ConflictError(`${directory} must hold a ${RESULTS}, got none`)
  }
  const parts = directories.map((directory) => ({ directory, results: readResults(directory) }))
  const [first] = parts
  for (const { directory, results } of parts) {
    checkVersion(directory, results.headers)
    const [other, wanted] = [results, first.results].map(({ headers: [{ config }] }) => ({
      ...config,
      shard: null,
    }))
    const found = differences(other, wanted, 'there')
    if (found === '') continue
    throw new ConflictError(
      `${directory} was run with another configuration than ${first.directory}: ${found}`,
    )
  }
  checkAgreement(parts)
  const shards = parts.flatMap(({ results: { headers } }) => headers[0].config.shard ?? [])
  if (new Set(shards.map((shard) => shard.split('/')[1])).size > 1) {
    note(
      `These are shards of different splits, ${someOf([...new Set(shards)], 9)}: studies that are in several count once`,
    )
  }
  const lines = parts.flatMap(({ results }) =>
    [...results.headers, ...results.runs, ...results.checks, ...results.throughput].map((record) =>
      JSON.stringify(record),
    ),
  )
  const merged = parseResults(`${lines.join('\n')}\n`, path)
  merged.headers.sort((a, b) => (canonicalJson([a.date, a]) < canonicalJson([b.date, b]) ? -1 : 1))
  for (const header of merged.headers) header.config.shard = null
  lockDirectory(`cauchy merge: ${out}`, out)
  writeRecords(path, [...merged.headers, ...merged.runs, ...merged.checks, ...merged.throughput])
  return merged
}
