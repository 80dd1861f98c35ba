// Scenes as the hash of a link, and back: readable, complete, and refused whole when a part is wrong.
import { checkNumber, checkOneOf, unknownName } from '../check'
import { CATALOGUE, create, defaultsOf, type Options, type Value, WORDS } from './catalogue'
import { LANDSCAPES, landscapeOf } from './landscapes'
import { CHECKS, initialScene, MOST_RACERS, type Racer, type Scene, SPEEDS } from './scene'
import { SCHEDULES } from './schedules'

/** `optimizer;option=value;…`: the options that differ from what the optimizer starts from. */
function racerText({ optimizer, options }: Racer): string {
  const defaults = defaultsOf(optimizer)
  const own = Object.entries(options).filter(([name, value]) => String(value) !== String(defaults[name]))
  return [optimizer, ...own.map(([name, value]) => `${name}=${value}`)].join(';')
}

function parseValue(who: string, text: string, like: Value): Value {
  const number = (part: string) => checkNumber(who, part.trim() === '' ? Number.NaN : Number(part))
  if (typeof like === 'boolean') return checkOneOf(who, text, ['true', 'false']) === 'true'
  if (typeof like === 'number') return number(text)
  return typeof like === 'string' ? text : text.split(',').map(number)
}

function parseRacer(text: string): Racer {
  const [optimizer, ...pairs] = text.split(';')
  const names = Object.keys(CATALOGUE)
  if (!names.includes(optimizer)) throw unknownName('link: unknown optimizer', optimizer, names)
  const options: Record<string, Value> = { ...defaultsOf(optimizer) }
  for (const pair of pairs) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(pair) ?? ['', pair, '']
    const who = `link: ${optimizer}: ${name}`
    if (!Object.hasOwn(options, name)) {
      throw unknownName(`link: ${optimizer}: unknown option`, name, Object.keys(options))
    }
    options[name] = parseValue(who, value, options[name])
    if (name in WORDS) checkOneOf(who, options[name], WORDS[name])
  }
  create(optimizer, options as Options, 'float64') // throws where a value is out of range
  return { optimizer, options: options as Racer['options'] }
}

export function encodeScene(scene: Scene): string {
  const { start, racers, ...rest } = scene
  const pairs = [
    ...Object.entries({ ...rest, start: start.join(',') }).map(([name, value]) => [name, String(value)]),
    ...racers.map((racer) => ['race', racerText(racer)]),
  ]
  // Commas, semicolons and equals signs need no escape in a hash.
  return pairs.map(([name, value]) => `${name}=${encodeURI(value).replaceAll('+', '%2B')}`).join('&')
}

/**
 * The scene of a hash; what it does not mention is as in the first scene.
 * @throws TypeError or RangeError that says which part is wrong.
 */
export function decodeScene(hash: string): Scene {
  const initial = initialScene()
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  for (const name of given.keys()) {
    const known = [...Object.keys(initial).filter((key) => key !== 'racers'), 'race']
    if (!known.includes(name)) throw unknownName('link: unknown part', name, known)
  }
  const choice = <T extends string>(name: string, names: readonly T[], otherwise: T): T => {
    const value = given.get(name) ?? otherwise
    if (!names.includes(value as T)) throw unknownName(`link: unknown ${name}`, value, [...names])
    return value as T
  }
  const number = (name: keyof typeof CHECKS): number => {
    const text = given.get(name)
    return text === null
      ? initial[name]
      : CHECKS[name](`link: ${name}`, text === '' ? Number.NaN : Number(text))
  }
  const landscape = choice(
    'landscape',
    LANDSCAPES.map(({ name }) => name),
    initial.landscape,
  )
  const start = given.get('start')?.split(',').map(Number) ?? landscapeOf(landscape).start
  if (start.length !== 2) throw new RangeError(`link: start must be two numbers, got ${start.length}`)
  const races = given.getAll('race')
  if (races.length > MOST_RACERS) {
    throw new RangeError(`link: race must be given at most ${MOST_RACERS} times, got ${races.length}`)
  }
  return {
    landscape,
    start: [checkNumber('link: start[0]', start[0]), checkNumber('link: start[1]', start[1])],
    steps: number('steps'),
    schedule: choice('schedule', Object.keys(SCHEDULES), initial.schedule),
    noise: number('noise'),
    seed: number('seed'),
    dtype: choice('dtype', ['float32', 'float64'], initial.dtype),
    speed: Number(choice('speed', SPEEDS.map(String), String(initial.speed))),
    racers: races.length === 0 ? initial.racers : races.map(parseRacer),
  }
}
