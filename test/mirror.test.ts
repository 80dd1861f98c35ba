// A rule is one text in three languages: once types are stripped, the bodies have the same tokens and comments.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** Each function of a rule file as its tokens without types, keywords and punctuation that languages differ in. */
function bodies(source: string): Map<string, string[]> {
  const plain = source
    .replace(/\/\/.*$/gm, '')
    .replace(/^import[\s\S]*? from .*$/gm, '')
    .replace(/template <[^>]*>|@inline|export function/g, '')
    .replace(/\b(\w+)<[LT]>\(/g, '$1(')
    .replace(/: usize\b/g, '')
    .replace(/\bif constexpr\b/g, 'if')
    .replace(/\b(const auto|auto|const|let|size_t|void)\b/g, '')
  const found = new Map<string, string[]>()
  for (const [, name, body] of plain.matchAll(/(\w+)\([^)]*\)(?:: )? \{\n([\s\S]*?)\n\}/g)) {
    found.set(name, body.match(/\w+|[^\s\w;]/g) ?? [])
  }
  return found
}

const rules = readdirSync(new URL('../native/rules', import.meta.url)).map((file) => file.replace('.h', ''))

const mirrors = (rule: string) =>
  [`native/rules/${rule}.h`, `assembly/rules/${rule}.ts`, `src/backends/js/rules/${rule}.ts`].map(read)

/** A function's shape must carry enough of it: a reader that found nothing would agree on nothing. */
function compare(texts: string[]): boolean {
  const [first, ...others] = texts.map((text) => JSON.stringify([...bodies(text)]))
  return others.every((other) => other === first)
}

describe.each(rules)('%s', (rule) => {
  test('is there, with every function, in all three languages', () => {
    const functions = mirrors(rule).map((text) => [...bodies(text).keys()])
    expect(functions[0].length).toBe(read(`native/rules/${rule}.h`).match(/^void /gm)?.length)
    expect(functions[1]).toEqual(functions[0])
    expect(functions[2]).toEqual(functions[0])
  })

  test('has the same tokens', () => {
    const [native, assembly, javascript] = mirrors(rule).map(bodies)
    for (const [name, tokens] of native) {
      expect(tokens.length).toBeGreaterThan(20)
      expect(assembly.get(name), `${name} in assembly`).toEqual(tokens)
      expect(javascript.get(name), `${name} in JavaScript`).toEqual(tokens)
    }
  })

  test('has the same comments, but for the file that the first one names', () => {
    const comments = mirrors(rule).map((text) =>
      [...text.matchAll(/\/\/ (.*)$/gm)].map(([, comment]) => comment.replace(/(irrored in).*/, '$1')),
    )
    expect(comments[1]).toEqual(comments[0])
    expect(comments[2]).toEqual(comments[0])
  })

  test('a change of any one token is noticed', () => {
    const texts = mirrors(rule)
    texts.forEach((text, language) => {
      const start = text.search(/^(void|export function) /m)
      for (const match of text
        .slice(start)
        .matchAll(/\b(add|sub|mul|div|max|flush|tiny|tinySquare|p0|g0|g1|m1|v1|\d)\b/g)) {
        const at = start + (match.index as number)
        if (/\/\/[^\n]*$/.test(text.slice(0, at))) continue
        const changed = `${text.slice(0, at)}other${text.slice(at + match[0].length)}`
        const variant = texts.with(language, changed)
        expect(compare(variant), `${match[0]} at ${at}`).toBe(false)
      }
    })
  })
})

test('every rule file is listed for every language', () => {
  const files = (folder: string) =>
    readdirSync(new URL(`../${folder}`, import.meta.url))
      .map((file) => file.split('.')[0])
      .sort()
  expect(files('assembly/rules')).toEqual(rules.sort())
  expect(files('src/backends/js/rules')).toEqual(rules.sort())
})
