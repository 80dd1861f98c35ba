// Carries rules.inc, the registry of kernels, to the other backends: writes assembly/generated/kernels.ts,
// src/generated/kernels.ts and src/generated/js-kernels.ts; and for edge runtimes the common part of the first.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
// The rules whose kernels edge runtimes always load; the module of all kernels joins where others are used.
const COMMON = ['adamw', 'average', 'gradient', 'sgd']
const notice = '// Generated from native/rules.inc by native/registry.mjs.\n'

/** Every kernel: name, reads, writes, reductions, the body's name, arguments, flags and file. */
function readRegistry() {
  const files = readdirSync(`${root}/native/rules`).map((file) => ({
    rule: basename(file, '.h'),
    text: readFileSync(`${root}/native/rules/${file}`, 'utf8'),
  }))
  const text = readFileSync(`${root}/native/rules.inc`, 'utf8')
  const body = String.raw`(?<body>\w+)<L(?<flags>(?:, \w+)*)>\((?<args>[^)]*)\)\)$`
  const rows = [
    String.raw`^(?<kind>KERNEL)\((?<name>\w+), (?<reads>\w+), (?<writes>\w+), (?<reductions>\d), ${body}`,
    String.raw`^(?<kind>ROWS)\((?<name>\w+), (?<reads>\w+), (?<writes>\w+), (?<reductions>\d), (?<fold>\w+), (?<shapes>\w+), ${body}`,
    String.raw`^(?<kind>MATRIX)\((?<name>\w+), ${body}`,
  ].flatMap((row) => [...text.matchAll(new RegExp(row, 'gm'))])
  const kernels = rows
    .sort((a, b) => a.index - b.index)
    .map(
      ({
        groups: { kind, name, reads = 'none', writes = 'false', reductions = 0, fold, shapes, ...rest },
      }) => ({
        kind,
        name,
        reads,
        writes,
        reductions: Number(reductions),
        fold,
        shapes,
        body: rest.body,
        args: rest.args + rest.flags,
        rule: files.find((file) => file.text.includes(`void ${rest.body}(`)).rule,
      }),
    )
  const lines = text.match(/^(KERNEL|ROWS|MATRIX)\(\w+, [^(]*</gm).length
  if (lines !== kernels.length)
    throw new Error(`rules.inc: ${lines - kernels.length} rows are not understood`)
  return kernels
}

function imports(kernels, from) {
  const rules = [...new Set(kernels.map(({ rule }) => rule))].sort()
  const bodies = (rule) => [...new Set(kernels.filter((k) => k.rule === rule).map(({ body }) => body))].sort()
  return rules.map((rule) => `import { ${bodies(rule).join(', ')} } from '${from}/${rule}'\n`).join('')
}

const number = (kernels, name) => kernels.findIndex((kernel) => kernel.name === name)

const parametersOf = ({ kind }) =>
  kind === 'MATRIX' ? ['a', 'c', 'rows', 'columns'] : ['a', 'c', 's', 'begin', 'end']

const assemblyKernel = ({ kind, name, body, args }) =>
  ['f32', 'f64']
    .map(
      (type) => `export function ${name}_${type}(${parametersOf({ kind })
        .map((x) => `${x}: usize`)
        .join(', ')}): void {
  const r = c + RULE_OFFSET
  ${body}<${type}>(${args})
}
`,
    )
    .join('')

const cases = (kernels, numbered, type) =>
  kernels
    .map(
      ({ name, kind }) =>
        `      case ${number(numbered, name)}: return ${name}_${type}(${kind === 'MATRIX' ? 'a, c, begin, end' : 'a, c, s, begin, end'})\n`,
    )
    .join('')

/** What a function of the kernel's number returns, where it is not nothing. */
const lines = (kernels, numbered, value) =>
  kernels
    .map((kernel) =>
      value(kernel) ? `  if (kernel == ${number(numbered, kernel.name)}) return ${value(kernel)}\n` : '',
    )
    .join('')

const assembly = (numbered, kernels = numbered) => `${notice}${imports(kernels, '../rules')}
export const GRADIENT = ${number(numbered, 'gradient')}
export const GRADIENT_DECAYED = ${number(numbered, 'gradientDecayed')}

const RULE_OFFSET = 32 // bytes: four coefficients of the gradient come first

// Exported, or the compiler would merge them all into one function and fold what they have in common into
// loops full of branches.
${kernels.map(assemblyKernel).join('')}
export function call<T>(kernel: i32, a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  if (sizeof<T>() == 4) {
    switch (kernel) {
${cases(kernels, numbered, 'f32')}    }
  } else {
    switch (kernel) {
${cases(kernels, numbered, 'f64')}    }
  }
  unreachable() // a kernel that this module does not have
}

// 0: element by element, 1: along rows, 2: a matrix at once
export function kind(kernel: i32): i32 {
${lines(kernels, numbered, ({ kind }) => ['KERNEL', 'ROWS', 'MATRIX'].indexOf(kind))}  return 0
}

export function foldsMaxima(kernel: i32): bool {
${lines(kernels, numbered, ({ fold }) => fold === 'max')}  return false
}

// The shapes of a kernel's arrays along rows, a character for each slot, the first in the lowest byte.
export function shapes(kernel: i32): u64 {
${lines(kernels, numbered, ({ shapes }) => shapes && `0x${Buffer.from(shapes).reverse().toString('hex')}`)}  return 0
}

export function reductions(kernel: i32): i32 {
${lines(kernels, numbered, ({ reductions }) => reductions)}  return 0
}
`

const common = ({ rule }) => COMMON.includes(rule)

const assemblyCommon = (kernels) => assembly(kernels, kernels.filter(common))

const uncommon = (kernels) =>
  JSON.stringify(kernels.filter((kernel) => !common(kernel)).map(({ name }) => name))

const list = (kernels) => `${notice}
export const KERNELS = {
${kernels.map(({ name, kind, reads, writes, reductions, fold, shapes }) => `  ${name}: { kind: '${kind}', reads: '${reads}', writes: ${writes}, reductions: ${reductions}${kind === 'ROWS' ? `, fold: '${fold}', shapes: '${shapes}'` : ''} },\n`).join('')}} as const
`

const parameters = ({ args, kind }) =>
  ['a', 'c', 'r', 's', ...(kind === 'MATRIX' ? ['rows', 'columns'] : ['begin', 'end'])]
    .map((x) => (args.split(', ').includes(x) ? x : `_${x}`))
    .join(', ')

const javascript = (kernels) => `${notice}import type { Kernel } from '../backends/js/lanes'
import type { KernelName } from '../kernels'
${imports(kernels, '../backends/js/rules')}
export const kernels: Record<KernelName, Kernel> = {
${kernels.map((kernel) => `  ${kernel.name}: (${parameters(kernel)}) => ${kernel.body}(${kernel.args}),\n`).join('')}}
`

const outputs = {
  'assembly/generated/kernels.ts': (kernels) => assembly(kernels),
  'assembly/generated/common.ts': assemblyCommon,
  'assembly/generated/uncommon.json': uncommon,
  'src/generated/kernels.ts': list,
  'src/generated/js-kernels.ts': javascript,
}

const kernels = readRegistry()
for (const [file, write] of Object.entries(outputs)) {
  mkdirSync(resolve(root, file, '..'), { recursive: true })
  writeFileSync(`${root}/${file}`, write(kernels))
}
