// The same bits on every backend where the state is kept in low precision; and no option of any rule is left out.
import { expect, test } from 'vitest'
import { classes, rows } from './catalogue'
import { packedConformance } from './conformance'

test('every optimizer is here, with every option at a non-default value', () => {
  expect(Object.keys(rows).sort()).toEqual(Object.keys(classes).sort())
  for (const [name, Class] of Object.entries(classes)) {
    const defaults = new Class([[1]]).groups[0] as unknown as Record<string, unknown>
    for (const option of Object.keys(defaults).filter((key) => key !== 'params')) {
      const { variants, packed = [] } = rows[name]
      const values = [...variants, ...packed].map((row) => JSON.stringify(row[option] ?? defaults[option]))
      expect(
        values.some((value) => value !== JSON.stringify(defaults[option])),
        `${name}: ${option}`,
      ).toBe(true)
    }
  }
})

packedConformance()
