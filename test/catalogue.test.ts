// Every exported optimizer comes whole: documentation, bodies, expected numbers, convergence, README and registry.
import { describe, expect, test } from 'vitest'
import { classes } from './catalogue'
import { missing, read } from './completeness'

test.each(Object.entries(classes))('%s has everything', (name, Class) => {
  expect(missing(name, Class).join('\n')).toBe('')
})

test('the README has no row of an optimizer that is not there', () => {
  const [, table] = /<!-- catalogue[^>]*-->([\s\S]*?)<!-- \/catalogue -->/.exec(read('README.md') ?? '') ?? []
  const named = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
  expect(named.filter((name) => !(name in classes))).toEqual([])
})

describe('what is missing is named', () => {
  const lion = 'src/optimizers/lion.ts'
  const broken: [path: string, before: string | RegExp, after: string, says: string | RegExp][] = [
    [lion, 'export class Lion', 'export class Leo', `${lion}: the documentation of the class is missing`],
    [lion, 'Lion: steps of one size in every parameter', '', `${lion}: the opening line is missing`],
    [lion, '```text', '```', `${lion}: \`\`\`text is missing`],
    [lion, ' * State:', ' * Keeps:', `${lion}: State: is missing`],
    [lion, ' * Source:', ' * After:', `${lion}: Source: is missing`],
    [lion, ' * Deviations:', ' * But:', `${lion}: Deviations: is missing`],
    [lion, ' * @example', ' *', `${lion}: @example is missing`],
    [lion, '// → ', '// ', `${lion}: @example checks nothing`],
    [lion, ' * @throws', ' *', `${lion}: @throws is missing`],
    [lion, '`weightDecay` λ', 'λ', `${lion}: Options: \`weightDecay\` is missing`],
    [lion, 'η ≥ 0, default 1e-4', 'η, default 1e-4', `${lion}: Options: \`lr\` has no range`],
    [lion, 'default 1e-4', 'default 1e-3', `${lion}: Options: \`lr\` must say default 0.0001, says 1e-3`],
    [lion, '[0.9, 0.99]', '[0.9, 0.999]', /`betas` must say default \[0.9,0.99\], says 0.9,0.999$/],
    [lion, "'lion'", "'leo'", 'native/rules.inc: no kernel of the rule is there'],
    ['native/rules/lion.h', 'void lion', 'void leo', 'native/rules: the body lion is missing'],
    ['assembly/rules/lion.ts', 'function lion', 'function leo', 'assembly/rules: the body lion is missing'],
    ['src/backends/js/rules/lion.ts', 'function lion', '', 'src/backends/js/rules: the body lion is missing'],
    ['test/convergence.test.ts', "['Lion'", "['Leo'", 'test/convergence.test.ts: the row is missing'],
    ['README.md', '| `Lion`', '| `Leo`', 'README.md: the row is missing'],
    ['README.md', /(\| `Lion` \|).*?\|/, '$1 |', 'README.md: a cell of the row is missing'],
    [
      'README.md',
      /(\| `Lion`.*?)\| 4 \|/,
      '$1| 8 |',
      'README.md: the state column must tell 4 bytes, tells 8',
    ],
  ]
  test.each(broken)('%s without %s', (path, before, after, says) => {
    const from = (file: string) => (file === path ? read(file)?.replace(before, after) : read(file))
    expect(from(path)).not.toBe(read(path))
    expect(missing('Lion', classes.Lion, from)).toEqual([
      typeof says === 'string' ? says : expect.stringMatching(says),
    ])
  })

  test('a file, an expectation and a row of the registry', () => {
    class Leo extends classes.Lion {}
    expect(missing('Leo', Leo)).toEqual(['src/optimizers/leo.ts: the file is missing'])
    const asLion = (file: string) =>
      read(file.replace('leo', 'lion'))?.replace('export class Lion', 'export class Leo')
    expect(missing('Leo', Leo, asLion)).toEqual([
      'test/catalogue: neither a transcription nor golden cases are there',
      'test/catalogue: the row of options is missing',
      'test/convergence.test.ts: the row is missing',
      'src/registry.ts: the row is missing',
      'README.md: the row is missing',
    ])
  })
})
