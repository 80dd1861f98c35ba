#!/usr/bin/env node
// The command line, `npx cauchy`: one file a command. Exit codes: 0 done, 1 failed, 2 misused, 130 interrupted.
import { cac } from 'cac'
import { version } from '../../package.json'
import { marked, misuse } from './arguments'
import { bench } from './bench'
import { build } from './build'
import { info } from './info'
import { list } from './list'
import { lrFind } from './lr-find'
import { merge } from './merge'
import { Misuse } from './misuse'
import { playground } from './playground'
import { report } from './report'
import { worker } from './worker'

const cli = cac('cauchy')
cli.version(version)
cli.usage('<command> [options]')
cli.example('cauchy bench')
cli.example('cauchy lr-find --problem ./my-problem.mjs')
cli.example('cauchy info')
cli.example('cauchy build')
cli.example('cauchy playground')
cli.help((sections) =>
  sections
    .filter(({ title }) => title !== 'For more info, run any command with the `--help` flag')
    // What is on unless it is turned off has no default worth telling.
    .map(({ body, ...rest }) => ({ ...rest, body: body.replace(/(--no-.*) \(default: true\)/g, '$1') })),
)
for (const command of [bench, lrFind, worker, merge, report, playground, list, info, build]) command(cli)

function complain(error: unknown, code: number): void {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = code
}

// Without this, a full disk behind `>` goes unnoticed. A reader that has had enough, as head, is none of our business.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') complain(new Error(`cauchy: the output cannot be written: ${error.message}`), 1)
})

cli.parse([...process.argv.slice(0, 2), ...marked(cli, process.argv.slice(2))], { run: false })
if (cli.options.version && cli.matchedCommand) cli.outputVersion()
else if (!cli.options.help && !cli.options.version) {
  const error = misuse(cli)
  if (error) complain(error, 2)
  else
    Promise.resolve()
      .then(() => cli.runMatchedCommand())
      .catch((failure) => complain(failure, failure instanceof Misuse ? 2 : 1))
}
