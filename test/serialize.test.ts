// State to bytes and back: every optimizer, wrapper, scheduler and accumulator, bit for bit, on every backend; other
// programs read the bytes.
import { execFileSync } from 'node:child_process'
import {
  AdamW,
  type Closure,
  CosineAnnealingLR,
  decodeState,
  EMA,
  encodeState,
  GradientAccumulator,
  Lookahead,
  ReduceLROnPlateau,
  SAM,
  SequentialLR,
  SGD,
  StepLR,
  SWA,
} from 'cauchy'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, noise, RULES, type Untyped } from './untyped'

/** A state with every array as its type and bits, and every number told from those that print alike. */
function exact(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${bits(value as Float32Array)}`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : `${value}`
  if (Array.isArray(value)) return value.map(exact)
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([key, item]) => [key, exact(item)])
  }
  return value
}

const expectSame = (got: unknown, want: unknown) => expect(exact(got)).toEqual(exact(want))
const roundTrip = (state: object) => decodeState(encodeState(state))

const start = () => ({ w: noise(1, 37, 'float32'), 'b.0': noise(2, 5, 'float64'), e: new Float32Array(0) })
const gradients = (t: number) => ({
  w: noise(10 + t, 37, 'float32'),
  'b.0': noise(50 + t, 5, 'float64'),
  e: null,
})

describe('every optimizer', () => {
  test.each(
    RULES.flatMap((rule) =>
      rule.variants.map((options) => ({
        name: rule.name,
        options: JSON.stringify(options),
        rule,
        of: options,
      })),
    ),
  )('$name $options goes on on another backend, bit for bit', ({ rule, of }) => {
    const grads = (t: number) => ({ ...gradients(t), ...(rule.closure && { e: new Float32Array(0) }) })
    const runOn = (index: number) => {
      const { use } = backends[index % backends.length]
      return use(() => rule.create(start(), of))
    }
    const opt = runOn(0)
    for (let t = 0; t < 3; t++) opt.step(grads(t))
    const params = roundTrip({ ...opt.params })
    const bytes = encodeState(opt.stateDict())
    expectSame(decodeState(bytes), opt.stateDict())
    expect(encodeState(opt.stateDict())).toEqual(bytes)
    opt.step(grads(3))
    backends.forEach((_, k) => {
      const other = runOn(k)
      for (const [name, array] of Object.entries(params)) other.params[name].set(array as Float32Array)
      other.loadStateDict(decodeState(bytes))
      other.step(grads(3))
      expectSame(other.params, opt.params)
      expectSame(other.stateDict(), opt.stateDict())
    })
  })
})

describe('what is around an optimizer', () => {
  const adamw = () => new AdamW([{ params: start() }], { lr: 0.1, amsgrad: true })
  const wrappers: Record<string, () => unknown> = {
    Lookahead: () => new Lookahead(adamw(), { k: 2 }),
    EMA: () => new EMA(adamw()),
    SWA: () => new SWA(adamw(), { start: 1 }),
    SAM: () => new SAM(adamw()),
    'one in another': () => new EMA(new Lookahead(adamw(), { k: 2 })),
  }

  test.each(Object.entries(wrappers))('%s', (_name, make) => {
    const opt = make() as Untyped
    const closure =
      (t: number): Closure<Record<string, Float32Array>> =>
      (own) => {
        own.w.set(noise(t, 37, 'float32'))
        return 1
      }
    for (let t = 0; t < 3; t++) opt.step(closure(t))
    const other = make() as Untyped
    other.loadStateDict(roundTrip(opt.stateDict()))
    expectSame(other.stateDict(), opt.stateDict())
  })

  test('schedulers, NaN, ±Infinity and −0 among their numbers', () => {
    const opt = new SGD([Float32Array.of(1)], { lr: 0.1 })
    const schedulers = [
      new SequentialLR(opt, {
        schedulers: [new StepLR(opt, { stepSize: 2 }), new CosineAnnealingLR(opt, { tMax: 4 })],
        milestones: [2],
      }),
      new ReduceLROnPlateau(opt),
    ]
    const before = schedulers.map((scheduler) => scheduler.stateDict())
    expect(JSON.stringify(before)).not.toBe(JSON.stringify([]))
    expectSame(roundTrip(before), before)
    schedulers[0].step(0)
    schedulers[1].step(Number.NaN)
    const after = schedulers.map((scheduler) => scheduler.stateDict())
    expectSame(roundTrip(after), after)
    schedulers.forEach((scheduler, k) => {
      scheduler.loadStateDict((roundTrip(after) as unknown as object[])[k])
    })
    expectSame(
      schedulers.map((scheduler) => scheduler.stateDict()),
      after,
    )
  })

  test('an accumulator between two micro-batches', () => {
    const accumulator = new GradientAccumulator(3)
    accumulator.add(gradients(1), 0.5)
    const other = new GradientAccumulator(3)
    other.loadStateDict(decodeState(encodeState(accumulator.stateDict())))
    expectSame(other.stateDict(), accumulator.stateDict())
  })
})

describe('any plain data', () => {
  const array = fc.oneof(
    fc.float32Array({ maxLength: 5 }),
    fc.float64Array({ maxLength: 5 }),
    fc.uint16Array({ maxLength: 5 }),
    fc.int8Array({ maxLength: 5 }),
    fc.uint8Array({ maxLength: 5 }),
  )
  const name = fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('$', '$tensor', '$$', 'a.b', '0', '1', 'data', 'shape', '\ud800'),
    )
    .filter((key) => key !== '__proto__')
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      array,
      fc.double(),
      fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53, 1e300),
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      array.map((data) => ({ data, shape: [1, data.length] })),
    ),
  }))

  test('comes back as it was, and twice as the same bytes', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), fc.dictionary(name, value), (list, record) => {
        for (const state of [list, record]) {
          const bytes = encodeState(state)
          expectSame(decodeState(bytes), state)
          expect(encodeState(decodeState(bytes))).toEqual(bytes)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('names that would be the same, or are reserved, get a number', () => {
    const one = Float32Array.of(1)
    const state = { a: { b: one }, 'a.b': Float32Array.of(2), __metadata__: one, 'a.b#2': Float32Array.of(3) }
    expectSame(roundTrip(state), state)
  })

  test('views into buffers, shared ones too, are copied; what is decoded shares nothing with the bytes', () => {
    const shared = new Float32Array(new SharedArrayBuffer(12), 4, 2).fill(7)
    const view = new Float64Array(new ArrayBuffer(40), 8, 2).fill(3)
    const bytes = encodeState({ shared, view, buffer: Buffer.from([1, 2]) })
    const decoded = decodeState<{ shared: Float32Array; view: Float64Array; buffer: Uint8Array }>(bytes)
    bytes.fill(0)
    expectSame(decoded, {
      shared: Float32Array.of(7, 7),
      view: Float64Array.of(3, 3),
      buffer: Uint8Array.of(1, 2),
    })
    expect(decoded.shared.buffer.byteLength).toBe(8)
  })

  test('bytes may be an ArrayBuffer, shared, or a view at any place', () => {
    const bytes = encodeState({ w: Float64Array.of(1, 2) })
    const moved = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3)
    moved.set(bytes)
    for (const same of [bytes.buffer, moved, Buffer.from(bytes), new Uint8Array(moved).buffer]) {
      expectSame(decodeState(same), { w: Float64Array.of(1, 2) })
    }
  })
})

const READER = `
import json, struct, sys, zlib
data = sys.stdin.buffer.read()
n, = struct.unpack('<Q', data[:8])
header = json.loads(data[8:8 + n])
meta = header.pop('__metadata__')
at = data.index(meta['crc32'].encode())
assert '%08x' % zlib.crc32(data[:at] + b'0' * 8 + data[at + 8:]) == meta['crc32']
assert all(isinstance(value, str) for value in meta.values())
assert (8 + n) % 8 == 0
code, end, out = {'F64': 'd', 'F32': 'f', 'BF16': 'H', 'I8': 'b', 'U8': 'B'}, 0, {}
for name, t in sorted(header.items(), key=lambda item: item[1]['data_offsets']):
    begin, stop = t['data_offsets']
    assert begin == end and begin % struct.calcsize(code[t['dtype']]) == 0
    end = stop
    count = 1
    for size in t['shape']: count *= size
    out[name] = [t['dtype'], t['shape'], list(struct.unpack('<%d%s' % (count, code[t['dtype']]), data[8 + n + begin:8 + n + stop]))]
assert end == len(data) - 8 - n
json.dump({'tensors': out, 'state': json.loads(meta['state']), 'cauchy': meta['cauchy']}, sys.stdout)
`

test('Python reads names, shapes, values and the checksum', () => {
  const opt = new AdamW({ 'layer.w': [2, 3], b: [1] }, { lr: 0.1 })
  opt.grads['layer.w'].set([1, 2, 3, -4, 5, 6])
  opt.step()
  const state = {
    params: { w: { data: opt.params['layer.w'], shape: opt.shapes['layer.w'] } },
    optimizer: opt.stateDict(),
    small: [Uint16Array.of(0x3f80), Int8Array.of(-3), Uint8Array.of(255), Float64Array.of(0.1), 'ü'],
  }
  const output = execFileSync('python3', ['-c', READER], { input: encodeState(state), encoding: 'utf8' })
  const { tensors, state: tree, cauchy } = JSON.parse(output)
  expect(cauchy).toBe('1')
  const saved = opt.stateDict().state['layer.w'] as unknown as Record<string, Float32Array>
  expect(tensors).toEqual({
    'params.w': ['F32', [2, 3], [...opt.params['layer.w']]],
    'optimizer.state.layer.w.expAvg': ['F32', [6], [...saved.expAvg]],
    'optimizer.state.layer.w.expAvgSq': ['F32', [6], [...saved.expAvgSq]],
    'optimizer.state.b.expAvg': ['F32', [1], [0]],
    'optimizer.state.b.expAvgSq': ['F32', [1], [0]],
    'small.0': ['BF16', [1], [0x3f80]],
    'small.1': ['I8', [1], [-3]],
    'small.2': ['U8', [1], [255]],
    'small.3': ['F64', [1], [0.1]],
  })
  expect(tree.optimizer).toMatchObject({ rule: 'AdamW', step: 1, groups: [{ lr: 0.1 }] })
  expect(tree.small[4]).toBe('ü')
})
