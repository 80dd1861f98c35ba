// `cauchy merge`: the directories of several shards become one.
import { resolve } from 'node:path'
import type { CAC } from 'cac'
import { ConflictError } from '../bench/agreement'
import { mergeResults } from '../bench/merge'
import { progressOf } from '../bench/summary/progress'
import { plural } from '../bench/summary/words'
import { Misuse } from './misuse'
import { quoted } from './quoted'

function run(out: string, directories: string[], { json }: { json?: boolean }): void {
  if (directories.length === 0) throw new Misuse('cauchy merge: directories to merge must be given, got none')
  try {
    const results = mergeResults(String(out), directories.map(String), (line) => console.error(line))
    const { problems, text, ...progress } = progressOf(results)
    const runs = results.runs.length
    if (json) console.log(JSON.stringify({ directory: resolve(out), directories, runs, progress }))
    else {
      const from = directories.length === 1 ? '1 directory' : `${directories.length} directories`
      console.log(`${out}: ${plural(runs, 'run')} of ${from}; ${text}`)
      console.log(`To see what they say: cauchy report ${quoted(out)}`)
    }
  } catch (error) {
    throw error instanceof ConflictError ? new Misuse(error.message) : error
  }
}

export function merge(cli: CAC): void {
  cli
    .command('merge <out> [...dirs]', 'Join the results of shards or machines into the directory <out>')
    .option('--json', 'Print what there is, as one JSON document')
    .example('cauchy merge all part-1 part-2 part-3')
    .allowUnknownOptions()
    .action(run)
}
