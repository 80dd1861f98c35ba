// `cauchy report`: the page of a directory of results, written anew.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CAC } from 'cac'
import { RESULTS } from '../bench/records'
import { Misuse } from './misuse'

async function run(directory: string, { json }: { json?: boolean }): Promise<void> {
  if (!existsSync(join(directory, RESULTS)))
    throw new Misuse(`cauchy report: ${directory} must hold a ${RESULTS}, got none`)
  const { writeReport } = await import('../report/index')
  const page = resolve(await writeReport(directory))
  console.log(json ? JSON.stringify({ report: page }) : page)
}

export function report(cli: CAC): void {
  cli
    .command('report <directory>', 'Write report/index.html and its pictures from the results in a directory')
    .option('--json', 'Print JSON')
    .example('cauchy report results/2026-11-22')
    .action((directory: string, options) => run(String(directory), options))
}
