// What an optimizer must come with, and which piece of it is missing.
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { memoryPlan } from 'cauchy'
import { type AnyClass, rows } from './catalogue'

/** Reads a file of the repository; undefined where there is none. */
type Read = (path: string) => string | undefined

export const read: Read = (path) => {
  try {
    return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
  } catch {
    return undefined
  }
}

/** Everything that an exported optimizer lacks, a phrase a piece. */
export function missing(name: string, Class: AnyClass, from: Read = read): string[] {
  const path = `src/optimizers/${name.toLowerCase()}.ts`
  const source = from(path)
  if (source === undefined) return [`${path}: the file is missing`]
  const options = { ...new Class([[1]]).groups[0] } as Record<string, unknown>
  delete options.params
  return [
    ...documentation(name, source, options).map((piece) => `${path}: ${piece}`),
    ...bodies(name, from),
    ...expectations(name, from),
    ...readme(name, from),
  ]
}

function documentation(name: string, source: string, options: Record<string, unknown>): string[] {
  const [, comment] =
    new RegExp(`/\\*\\*\\n((?: \\*.*\\n)+?) \\*/\\nexport class ${name}\\b`).exec(source) ?? []
  if (comment === undefined) return ['the documentation of the class is missing']
  const text = comment.replace(/^ \* ?/gm, '')
  const line = text.split('\n\n')[0].replace(/\n/g, ' ')
  const parts = [
    '```text\n',
    '\nOptions: ',
    '\nState: ',
    '\nSource: ',
    '\nDeviations: ',
    '\n@example\n',
    '\n@throws ',
  ]
  const places = parts.map((part) => text.indexOf(part))
  const lacks = parts.filter((_, k) => places[k] < 0).map((part) => `${part.trim()} is missing`)
  if (!/^[A-Z].{20,250}\.$/.test(line) || line.startsWith('```')) lacks.unshift('the opening line is missing')
  if (lacks.length > 0) return lacks
  if (places.some((place, k) => place < places[k - 1])) return ['the documentation is in another order']
  if (!text.includes('// → ')) lacks.push('@example checks nothing')
  const told = text.slice(places[1], places[2]).replace(/\s+/g, ' ').split(' · ')
  return [...lacks, ...Object.entries(options).flatMap(([option, value]) => optionText(option, value, told))]
}

/** What one option's entry lacks: itself, its range, its default. */
function optionText(option: string, value: unknown, told: readonly string[]): string[] {
  const about = told
    .map((text) => text.replace('Options: ', ''))
    .filter((text) => text.includes(`\`${option}\``))
  const entry = about.find((text) => text.startsWith(`\`${option}\``)) ?? about[0]
  if (entry === undefined) return [`Options: \`${option}\` is missing`]
  const lacks: string[] = []
  const numeric = typeof value === 'number' || Array.isArray(value)
  if (numeric && !/[≥>≤<]| in [[(]|any numbers?/.test(entry))
    lacks.push(`Options: \`${option}\` has no range`)
  const [, listed, given, quoted] =
    /default\)? \[([^\]]*)\]|default (-?[\w.+-]+)|'(\w+)' \(default\)/.exec(entry) ?? []
  const shown = listed?.split(', ').map(Number) ?? quoted ?? given?.replace(/\.$/, '')
  const same =
    typeof value === 'number' ? Number(shown) === value : JSON.stringify(shown) === JSON.stringify(value)
  if (!same && String(shown) !== String(value)) {
    lacks.push(`Options: \`${option}\` must say default ${JSON.stringify(value)}, says ${shown}`)
  }
  return lacks
}

/** The kernels named by the class's file, or by those it builds on, with a body in every language. */
function bodies(name: string, from: Read): string[] {
  const registry = from('native/rules.inc') ?? ''
  const kernels = new Map(
    [...registry.matchAll(/^(?:KERNEL|ROWS|MATRIX)\((\w+),.*?(\w+)<L/gm)].map(([, key, body]) => [key, body]),
  )
  const named = closure(`src/optimizers/${name.toLowerCase()}.ts`, from)
    .flatMap((text) => [...text.matchAll(/'(\w+)'/g)].map(([, word]) => word))
    .filter((word) => kernels.has(word))
  if (named.length === 0) return ['native/rules.inc: no kernel of the rule is there']
  return [...new Set(named)].flatMap((kernel) => {
    const body = kernels.get(kernel)
    const folders = { 'native/rules': '.h', 'assembly/rules': '.ts', 'src/backends/js/rules': '.ts' }
    return Object.entries(folders)
      .filter(([folder, suffix]) => !hasFunction(folder, suffix, body as string, from))
      .map(([folder]) => `${folder}: the body ${body} is missing`)
  })
}

/** The class's file and those it builds on: its siblings, and the folder of a rule that has one. */
function closure(path: string, from: Read, seen = new Set<string>()): string[] {
  const text = from(path)
  if (text === undefined || seen.has(path)) return []
  seen.add(path)
  const siblings = [...text.matchAll(/from '(\.\/|\.\.\/lbfgs\/)([\w-]+)'/g)].map(
    ([, folder, file]) => `${posix.join(posix.dirname(path), folder, file)}.ts`,
  )
  return [text, ...siblings.flatMap((file) => closure(file, from, seen))]
}

const ruleFiles = (from: Read) =>
  [...(from('native/kernels.h') ?? '').matchAll(/#include "rules\/(\w+)\.h"/g)].map(([, file]) => file)

const hasFunction = (folder: string, suffix: string, body: string, from: Read) =>
  ruleFiles(from).some((file) =>
    new RegExp(`(void|function) ${body}[<(]`).test(from(`${folder}/${file}${suffix}`) ?? ''),
  )

function expectations(name: string, from: Read): string[] {
  const lacks: string[] = []
  const { formula, together } = rows[name] ?? {}
  const golden = new RegExp(`"optimizer": ?"${name}"`).test(from('test/golden/optimizers.json') ?? '')
  if (!formula && !together && !golden) {
    lacks.push('test/catalogue: neither a transcription nor golden cases are there')
  }
  if (!rows[name]?.variants.length) lacks.push('test/catalogue: the row of options is missing')
  if (!from('test/convergence.test.ts')?.includes(`['${name}', `)) {
    lacks.push('test/convergence.test.ts: the row is missing')
  }
  try {
    memoryPlan([[1, 1]], name)
  } catch {
    lacks.push('src/registry.ts: the row is missing')
  }
  return lacks
}

/** The rows of the README's table: five cells each, the bytes of state as memoryPlan counts them. */
function readme(name: string, from: Read): string[] {
  const [, table = ''] =
    /<!-- catalogue[^>]*-->([\s\S]*?)<!-- \/catalogue -->/.exec(from('README.md') ?? '') ?? []
  const own = table.split('\n').filter((line) => line.startsWith(`| \`${name}\``))
  if (own.length === 0) return ['README.md: the row is missing']
  const cells = own.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  if (cells.some((row) => row.length !== 5 || row.includes('')))
    return ['README.md: a cell of the row is missing']
  const told = cells.flatMap(([, , , state]) => state.replace(/`[^`]*`/g, '').match(/\d+(\.\d+)?/g) ?? [])
  const bytes = stateBytes(name)
  const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b).join(', ')
  if (sorted(told.map(Number)) === sorted(bytes)) return []
  return [`README.md: the state column must tell ${sorted(bytes)} bytes, tells ${sorted(told.map(Number))}`]
}

/** Bytes per parameter of a float32 matrix, of every variant. */
function stateBytes(name: string): number[] {
  try {
    const plans = [{}, ...(rows[name]?.variants ?? [])].map((options) =>
      memoryPlan([[1024, 1024]], name, options),
    )
    return plans.map(({ statePerParam }) => Number(statePerParam.toFixed(1)))
  } catch {
    return []
  }
}
