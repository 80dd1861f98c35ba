// Several directories of one benchmark become one: what shards and machines measured, without duplicates.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConflictError } from './bench'
import { writeRecords } from './files'
import { type Config, canonicalJson, parseResults, RESULTS, type Results, readResults } from './records'

/** Writes results.jsonl into `out`; the same records give the same bytes, whatever the order of the directories. */
export function mergeResults(out: string, directories: readonly string[]): Results {
  const path = join(out, RESULTS)
  if (existsSync(path)) throw new ConflictError(`${path} exists already: choose another directory`)
  for (const directory of directories) {
    if (existsSync(join(directory, RESULTS))) continue
    throw new ConflictError(`${directory} must hold a ${RESULTS}, got none`)
  }
  const parts = directories.map((directory) => ({ directory, results: readResults(directory) }))
  const [first] = parts
  for (const { directory, results } of parts) {
    if (whole(results) === whole(first.results)) continue
    throw new ConflictError(`${directory} was run with another configuration than ${first.directory}`)
  }
  const lines = parts.flatMap(({ results }) =>
    [...results.headers, ...results.runs, ...results.checks, ...results.throughput].map((record) =>
      JSON.stringify(record),
    ),
  )
  const merged = parseResults(`${lines.join('\n')}\n`, path)
  merged.headers.sort((a, b) => (canonicalJson([a.date, a]) < canonicalJson([b.date, b]) ? -1 : 1))
  for (const header of merged.headers) header.config.shard = null
  writeRecords(path, [...merged.headers, ...merged.runs, ...merged.checks, ...merged.throughput])
  return merged
}

/** The configuration that shards of one benchmark share; where a user's file lies may differ. */
function whole({ headers: [{ config }] }: Results): string {
  const problems = config.problems.map((problem) => ({ ...problem, file: null }))
  return canonicalJson({ ...config, problems, shard: null } satisfies Config)
}
