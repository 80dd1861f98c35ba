#!/usr/bin/env node
// The command line, `npx cauchy`: one file a command. Exit codes: 0 done, 1 failed, 2 misused, 130 interrupted.
import { cac } from 'cac'
import { version } from '../../package.json'
import { unknownName } from '../check'
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

/** The error of a wrong command line, if it is wrong. */
function misuse(): Error | undefined {
  const { matchedCommand, args, options } = cli
  if (matchedCommand === undefined) {
    const names = cli.commands.map(({ name }) => name)
    if (args.length > 0) return unknownName('cauchy: unknown command', args[0], names)
    return new TypeError(`cauchy: a command must be given: ${names.join(', ')} (see cauchy --help)`)
  }
  const who = `cauchy ${matchedCommand.name}`
  const known = [...matchedCommand.options, ...cli.globalCommand.options].flatMap(({ names }) => names)
  const dashed = (name: string) => (name.length === 1 ? `-${name}` : `--${name}`)
  const given = Object.keys(options).find((key) => key !== '--' && !known.includes(key))
  if (given !== undefined) {
    const long = known.filter((name) => name.length > 1).map(dashed)
    return unknownName(`${who}: unknown option`, dashed(given), long)
  }
  const rest = matchedCommand.args.some(({ variadic }) => variadic)
  if (!rest && args.length > matchedCommand.args.length)
    return new TypeError(`${who} takes no ${JSON.stringify(args[0])}`)
  return undefined
}

function complain(error: unknown, code: number): void {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = code
}

cli.parse(process.argv, { run: false })
if (!cli.options.help && !cli.options.version) {
  const error = misuse()
  if (error) complain(error, 2)
  else
    Promise.resolve()
      .then(() => cli.runMatchedCommand())
      .catch((failure) => complain(failure, failure instanceof Misuse ? 2 : 1))
}
