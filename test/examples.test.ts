// Every code example, in the docstrings of the public API and in the README, runs as written; a comment
// `// → value` behind an expression is what it must give.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}build/examples`

interface Example {
  file: string
  line: number
  code: string
}

function docstringExamples(): Example[] {
  return readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
    .flatMap((file) =>
      examples(`src/${file}`, / \* ```ts\n([\s\S]*?)\n\s+\* ```/g, (code) => code.replace(/^\s+\* ?/gm, '')),
    )
}

function examples(file: string, fence: RegExp, clean: (code: string) => string): Example[] {
  const text = readFileSync(`${root}${file}`, 'utf8')
  return [...text.matchAll(fence)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    code: clean(match[1]),
  }))
}

/** `expression // → value` becomes a comparison; `const x = … // → value` compares x. */
function withChecks(code: string): string {
  return code.replace(
    /^(?:(const|let) (\w+) = )?(.+?) \/\/ → (\[.*?\]|'[^']*'|[-\w.+]+).*$/gm,
    (_, kind, name, expression, value) =>
      kind ? `${kind} ${name} = ${expression}; check(${name}, ${value})` : `check(${expression}, ${value})`,
  )
}

async function run({ file, line, code }: Example): Promise<number> {
  let checks = 0
  const globals = globalThis as { check?: (actual: unknown, expected: unknown) => void }
  globals.check = (actual, expected) => {
    checks++
    if (typeof expected === 'number')
      expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected))
    else expect(actual).toEqual(expected)
  }
  mkdirSync(folder, { recursive: true })
  const path = `${folder}/${file.replaceAll('/', '-')}-${line}.mjs`
  writeFileSync(path, transformSync(withChecks(code), { loader: 'ts', format: 'esm' }).code)
  await import(/* @vite-ignore */ path)
  return checks
}

describe('docstrings', () => {
  const all = docstringExamples()
  test.each(all)('$file:$line', async (example) => {
    const wanted = example.code.match(/\/\/ → /g)?.length ?? 0
    expect(await run(example)).toBe(wanted)
  })

  test('there is one for every exported class and function', async () => {
    const exported = Object.entries(await import('cauchy')).filter(([, value]) => typeof value === 'function')
    const missing = exported
      .map(([name]) => name)
      .filter((name) => !all.some(({ code }) => new RegExp(`\\b${name}\\b`).test(code)))
    expect(missing).toEqual(['LRScheduler', 'Optimizer'])
  })
})

describe('README', () => {
  test.each(examples('README.md', /```ts\n([\s\S]*?)```/g, (code) => code))('line $line', async (example) => {
    const wanted = example.code.match(/\/\/ → /g)?.length ?? 0
    expect(await run(example)).toBe(wanted)
  })
})
