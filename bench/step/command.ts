// The command line that bench:step and bench:peers share, and what they print.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { drawChart } from './chart'
import type { ColdStart } from './cold-start'
import { type Filter, type Keys, parseFilter } from './filter'
import { loadRoofline, type Roofline } from './roofline'
import { HIGHEST_RATIO, tooFast } from './rows'
import type { Row } from './spec'
import { nameOf } from './subject'
import { markdown, terminal } from './tables'

export interface Flags {
  readonly filter: Filter
  readonly quick: boolean
  readonly json: boolean
  readonly markdown: boolean
  readonly svg: string | undefined
}

/** What a run found: the JSON document. */
export interface Report {
  readonly command: string
  readonly cpu: string
  readonly cores: number
  readonly node: string
  readonly date: string
  readonly rows: readonly Row[]
  readonly coldStart: readonly ColdStart[]
  /** What could not be measured, and why. */
  readonly missing: readonly string[]
}

export const note = (text: string): void => console.error(text)

const help = (name: string, keys: Keys) => `npm run ${name} -- [options]

  --quick          small sizes and few rules, under a minute on two quiet cores
  --filter K=V,…   only rows with these values; a key named twice takes either. Keys:
${Object.entries(keys)
  .map(
    ([key, values]) =>
      `                     ${key}: ${values === 'count' ? 'a positive integer' : values.join(' ')}`,
  )
  .join('\n')}
  --json           one JSON document on standard output
  --markdown       Markdown tables on standard output
  --svg FILE       a picture of ns per parameter against n
  --help           this

Progress goes to standard error. Exits with 1 when a step takes less than 1/${HIGHEST_RATIO} of its roofline.`

/** Reads the command line; prints the help, or what is wrong with the line, and exits where it should not run. */
export function readFlags(name: string, keys: Keys): Flags {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        filter: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
        svg: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(help(name, keys))
      process.exit(0)
    }
    return { ...values, svg: values.svg, filter: parseFilter(values.filter, keys) }
  } catch (error) {
    note(`${name}: ${(error as Error).message}`)
    process.exit(2)
  }
}

/** The roofline, or null and the reason among what is missing. */
export function tryRoofline(missing: string[]): Roofline | null {
  try {
    return loadRoofline()
  } catch (error) {
    missing.push(`no roofline: ${(error as Error).message}`)
    return null
  }
}

/** Prints what was found in the form asked for, and fails the process where a roofline was beaten. */
export function finish(
  name: string,
  flags: Flags,
  rows: readonly Row[],
  coldStart: readonly ColdStart[],
  missing: readonly string[],
): void {
  const processors = cpus()
  const args = process.argv.slice(2)
  const command = ['npm run', name, ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const report: Report = {
    command,
    cpu: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    node: process.version,
    date: new Date().toISOString(),
    rows,
    coldStart,
    missing,
  }
  for (const line of missing) note(line)
  if (flags.json) console.log(JSON.stringify(report))
  else console.log(flags.markdown ? markdown(report) : terminal(report))
  if (flags.svg !== undefined) writeFileSync(flags.svg, drawChart(report))
  const beaten = tooFast(rows)
  for (const row of beaten) {
    note(`the roofline is too slow, ${row.rooflineRatio?.toFixed(3)} times the step: ${nameOf(row)}`)
  }
  if (beaten.length > 0) process.exitCode = 1
}
