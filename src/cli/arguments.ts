// What cac is given, and what it found: the values of options stay the text that was typed.
import type { CAC } from 'cac'
import { show, unknownName } from '../check'

/** Before every value: cac takes '007' for 7, an empty value for none, and '-3' for an option. */
const MARK = '='

/** The command line with every value marked, beside its option; `help bench` is `bench --help`. */
export function marked(cli: CAC, args: readonly string[]): string[] {
  if (args[0] === 'help') return [...args.slice(1), '--help']
  const options = [cli.globalCommand, ...cli.commands].flatMap((command) => command.options)
  const flags = new Set(options.filter(({ isBoolean }) => isBoolean).flatMap(({ names }) => names))
  const result: string[] = []
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--') return [...result, ...args.slice(i)]
    const [, name, value] = /^--(?!no-)([^=]+)(?:=(.*))?$/s.exec(args[i]) ?? []
    if (name === undefined) result.push(args[i])
    else if (flags.has(name)) result.push(`--${name}=${value ?? true}`)
    else if (value !== undefined) result.push(`--${name}=${MARK}${value}`)
    else if (i + 1 < args.length && !/^-(?![\d.])/.test(args[i + 1])) {
      result.push(`--${name}=${MARK}${args[++i]}`)
    } else result.push(args[i])
  }
  return result
}

/** 'timeLimit' as it is typed; capitals that cac did not make stay. */
const dashed = (name: string) =>
  name.length === 1
    ? `-${name}`
    : `--${name.replace(/(?<=[a-z])[A-Z](?![A-Z])/g, (letter) => `-${letter.toLowerCase()}`)}`

/** What is wrong with the command line, if anything is; takes the marks off its values; what follows '--' are args. */
export function misuse({ matchedCommand, args, options, commands, globalCommand }: CAC): Error | undefined {
  if (matchedCommand === undefined) {
    const names = commands.map(({ name }) => name)
    if (args.length > 0) return unknownName('cauchy: unknown command', args[0], names)
    return new TypeError(`cauchy: a command must be given: ${names.join(', ')} (see cauchy --help)`)
  }
  const who = `cauchy ${matchedCommand.name}`
  ;(args as string[]).push(...options['--'])
  const known = [...matchedCommand.options, ...globalCommand.options].flatMap(({ names }) => names)
  const unknown = Object.keys(options).find((key) => key !== '--' && !known.includes(key))
  if (unknown !== undefined) {
    const long = known.filter((name) => name.length > 1).map(dashed)
    return unknownName(`${who}: unknown option`, dashed(unknown), long)
  }
  for (const { name, names, rawName, required } of matchedCommand.options) {
    if (!(name in options)) continue
    const values: unknown[] = [options[name]].flat()
    if (!required) {
      for (const each of names) options[each] = values.at(-1)
      continue
    }
    const bad = values.find((value) => typeof value !== 'string' || value === MARK)
    if (bad !== undefined) {
      return new TypeError(`${who}: ${rawName} must have a value, got ${bad === MARK ? '""' : 'none'}`)
    }
    const texts = values.map((value) => String(value).slice(MARK.length))
    const several = rawName.endsWith('<names>')
    if (!several && texts.length > 1) {
      return new TypeError(`${who}: ${dashed(name)} must be given once, got ${texts.map(show).join(' and ')}`)
    }
    options[name] = several ? texts : texts[0]
  }
  const missing = matchedCommand.args.find(({ required }, i) => required && i >= args.length)
  if (missing) return new TypeError(`${who}: <${missing.value}> must be given, got none`)
  const most = matchedCommand.args.some(({ variadic }) => variadic) ? args.length : matchedCommand.args.length
  if (args.length > most) return new TypeError(`${who} takes no ${show(args[most])}`)
  return undefined
}
