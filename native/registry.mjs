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
  const row = /^KERNEL\((\w+), (\w+), (\w+), (\d), (\w+)<L((?:, \w+)*)>\(([^)]*)\)\)$/gm
  const kernels = [...readFileSync(`${root}/native/rules.inc`, 'utf8').matchAll(row)].map(
    ([, name, reads, writes, reductions, body, flags, args]) => ({
      name,
      reads,
      writes,
      reductions: Number(reductions),
      body,
      args: args + flags,
      rule: files.find(({ text }) => text.includes(`void ${body}(`)).rule,
    }),
  )
  const rows = readFileSync(`${root}/native/rules.inc`, 'utf8').match(/^KERNEL/gm).length
  if (rows !== kernels.length) throw new Error(`rules.inc: ${rows - kernels.length} rows are not understood`)
  return kernels
}

function imports(kernels, from) {
  const rules = [...new Set(kernels.map(({ rule }) => rule))].sort()
  const bodies = (rule) => [...new Set(kernels.filter((k) => k.rule === rule).map(({ body }) => body))].sort()
  return rules.map((rule) => `import { ${bodies(rule).join(', ')} } from '${from}/${rule}'\n`).join('')
}

const number = (kernels, name) => kernels.findIndex((kernel) => kernel.name === name)

const assemblyKernel = ({ name, body, args }) =>
  ['f32', 'f64']
    .map(
      (
        type,
      ) => `export function ${name}_${type}(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const r = c + RULE_OFFSET
  ${body}<${type}>(${args})
}
`,
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
${kernels.map(({ name }) => `      case ${number(numbered, name)}: return ${name}_f32(a, c, s, begin, end)\n`).join('')}    }
  } else {
    switch (kernel) {
${kernels.map(({ name }) => `      case ${number(numbered, name)}: return ${name}_f64(a, c, s, begin, end)\n`).join('')}    }
  }
  unreachable() // a kernel that this module does not have
}

export function reductions(kernel: i32): i32 {
${kernels.map(({ name, reductions }) => (reductions ? `  if (kernel == ${number(numbered, name)}) return ${reductions}\n` : '')).join('')}  return 0
}
`

const common = ({ rule }) => COMMON.includes(rule)

const assemblyCommon = (kernels) => assembly(kernels, kernels.filter(common))

const uncommon = (kernels) =>
  JSON.stringify(kernels.filter((kernel) => !common(kernel)).map(({ name }) => name))

const list = (kernels) => `${notice}
export const KERNELS = {
${kernels.map(({ name, reads, writes, reductions }) => `  ${name}: { reads: '${reads}', writes: ${writes}, reductions: ${reductions} },\n`).join('')}} as const
`

const parameters = (args) =>
  ['a', 'c', 'r', 's', 'begin', 'end'].map((x) => (args.split(', ').includes(x) ? x : `_${x}`)).join(', ')

const javascript = (kernels) => `${notice}import type { Kernel } from '../backends/js/lanes'
import type { KernelName } from '../kernels'
${imports(kernels, '../backends/js/rules')}
export const kernels: Record<KernelName, Kernel> = {
${kernels.map(({ name, body, args }) => `  ${name}: (${parameters(args)}) => ${body}(${args}),\n`).join('')}}
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
