// PyTorch's numbers: every golden case of the optimizers at hand, on every backend.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { classes } from './catalogue'

interface Case {
  name: string
  optimizer: string
  options: Record<string, number | boolean | number[]>
  stream: string
  dtype: 'float32' | 'float64'
  expected: Record<string, number[][]>
}

interface Stream {
  params: number[][]
  grads: number[][][]
}

const golden = JSON.parse(readFileSync(new URL('golden/optimizers.json', import.meta.url), 'utf8')) as {
  shapes: number[][]
  streams: Record<string, Stream>
  cases: Case[]
}

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

function isClose(actual: number, expected: number, dtype: string): boolean {
  const [relative, absolute] = dtype === 'float64' ? [1e-9, 1e-15] : [2e-5, 1e-6]
  return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected)
}

test('every case of an optimizer that is there, and as many as PyTorch was asked for', () => {
  const names = new Set(golden.cases.map(({ optimizer }) => optimizer))
  expect([...names].filter((name) => !(name in classes))).toEqual([])
  expect([names.size, golden.cases.length]).toEqual([11, 102])
})

describe.each(backends)('$label', ({ use }) => {
  test.each(golden.cases)('$name $dtype', ({ optimizer, options, stream, dtype, expected }) => {
    const Type = dtype === 'float32' ? Float32Array : Float64Array
    const { params, grads } = golden.streams[stream]
    const arrays = params.map((values) => Type.from(values))
    const translated = Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), value]))
    const opt = use(() => new classes[optimizer](arrays, translated))
    grads.forEach((step, t) => {
      opt.step(step.map((values) => Type.from(values)))
      expected[t + 1]?.forEach((values, k) => {
        values.forEach((value, i) => {
          if (!isClose(arrays[k][i], value, dtype)) {
            throw new Error(
              `step ${t + 1}, tensor ${k}, element ${i}: expected ${value}, got ${arrays[k][i]}`,
            )
          }
        })
      })
    })
  })
})
