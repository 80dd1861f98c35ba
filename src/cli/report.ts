// `cauchy report`: the page of a directory of results, written anew.
import { resolve } from 'node:path'
import type { CAC } from 'cac'

export function report(cli: CAC): void {
  cli
    .command('report <directory>', 'Write report/index.html and its pictures from the results in a directory')
    .option('--json', 'Print JSON')
    .example('cauchy report results/2026-11-22')
    .action(async (directory: string, { json }) => {
      const { writeReport } = await import('../report')
      const page = resolve(await writeReport(String(directory)))
      console.log(json ? JSON.stringify({ report: page }) : page)
    })
}
