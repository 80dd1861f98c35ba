// `cauchy merge`: the directories of several shards become one.
import type { CAC } from 'cac'
import { ConflictError } from '../bench/bench'
import { mergeResults } from '../bench/merge'
import { plural } from '../bench/summary/words'
import { Misuse } from './misuse'

function run(out: string, directories: string[]): void {
  if (directories.length === 0) throw new Misuse('cauchy merge: directories to merge must be given, got none')
  try {
    const { runs } = mergeResults(String(out), directories.map(String))
    console.log(`${out}: ${plural(runs.length, 'run')} of ${directories.length} directories`)
  } catch (error) {
    throw error instanceof ConflictError ? new Misuse(error.message) : error
  }
}

export function merge(cli: CAC): void {
  cli
    .command('merge <out> [...dirs]', 'Join the results of shards or machines into the directory <out>')
    .example('cauchy merge all part-1 part-2 part-3')
    .allowUnknownOptions()
    .action(run)
}
