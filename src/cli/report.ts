// `cauchy report`: the page of a directory of results, written anew.
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { CAC } from 'cac'
import { RESULTS, type Results, readResults } from '../bench/records'
import { type Summary, summarize } from '../bench/summary/index'
import { Misuse } from './misuse'

/** What `--json` prints of results. */
export function documentOf(
  directory: string,
  report: string,
  { headers }: Results,
  summary: Summary,
): string {
  const [header] = headers
  return JSON.stringify({ directory: resolve(directory), report: resolve(report), header, summary }, null, 2)
}

async function run(given: string, { json }: { json?: boolean }): Promise<void> {
  const directory = basename(given) === RESULTS ? dirname(given) : given
  if (!existsSync(join(directory, RESULTS)))
    throw new Misuse(`cauchy report: ${directory} must hold a ${RESULTS}, got none`)
  const { writeReport } = await import('../report/index')
  const page = await writeReport(directory)
  const results = readResults(directory)
  const summary = summarize(results)
  if (json) console.log(documentOf(directory, page, results, summary))
  else {
    console.log(resolve(page))
    console.error(summary.progress.text)
  }
}

export function report(cli: CAC): void {
  cli
    .command('report <directory>', 'Write report/index.html and its pictures from the results in a directory')
    .option('--json', 'Print the summary as one JSON document, and nothing else')
    .example('cauchy report results/2026-11-22')
    .action((directory: string, options) => run(String(directory), options))
}
