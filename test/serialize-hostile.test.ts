// What encodeState does not take and decodeState does not read: damage of every kind, and bytes made to mislead.
import { AdamW, decodeState, encodeState } from 'cauchy'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detach, type ErrorClass, expectError, hasGrowable, hasResizable, resizable } from './untyped'

/** CRC-32, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) {
    c ^= byte
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  }
  return ~c >>> 0
}

interface Forged {
  tree?: string
  tensors?: string
  data?: Uint8Array
  version?: string
  padding?: string
  /** The header's own metadata, instead of `tree`. */
  metadata?: string
}

const W = '"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}'

/** A file with the right checksum, whatever else is wrong with it. */
function forge({
  tree = '{"w":{"$tensor":"w"}}',
  tensors = W,
  data,
  version = '1',
  padding,
  metadata,
}: Forged) {
  const state = metadata ?? `"state":${JSON.stringify(tree)}`
  const text = `{"__metadata__":{"cauchy":"${version}","crc32":"00000000",${state}}${tensors && `,${tensors}`}}`
  const encoded = new TextEncoder().encode(text)
  const header = Buffer.concat([encoded, Buffer.from(padding ?? ' '.repeat((8 - (encoded.length % 8)) % 8))])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const bytes = Buffer.concat([length, header, data ?? new Uint8Array(8)])
  const checksum = crc32(bytes).toString(16).padStart(8, '0')
  bytes.write(checksum, bytes.indexOf('00000000', 8))
  return bytes
}

const small = () => encodeState({ w: Float32Array.of(1, -2.5), lr: 0.1, n: [Number.NaN] })

describe('damage', () => {
  test('the forger forges what encodeState writes', () => {
    expect([...forge({})]).toEqual([...encodeState({ w: new Float32Array(2) })])
  })

  test('every flip of one bit is refused', () => {
    const bytes = small()
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7)
      expect(() => decodeState(bytes), `bit ${bit}`).toThrow(RangeError)
      bytes[bit >> 3] ^= 1 << (bit & 7)
    }
    expect(decodeState(bytes)).toEqual({ w: Float32Array.of(1, -2.5), lr: 0.1, n: [Number.NaN] })
  })

  test('every truncation, and anything appended, is refused', () => {
    const bytes = small()
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeState(bytes.subarray(0, length)), `length ${length}`).toThrow(RangeError)
    }
    expect(() => decodeState(Buffer.concat([bytes, new Uint8Array(1)]))).toThrow(/checksum/)
  })

  test('bytes exchanged, overwritten and made up are refused', () => {
    const bytes = small()
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, noise) => {
        const spoilt = bytes.slice()
        spoilt.set(noise.subarray(0, bytes.length - at), at)
        fc.pre(!Buffer.from(spoilt).equals(Buffer.from(bytes)))
        expect(() => decodeState(spoilt)).toThrow(RangeError)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (made) => {
        expect(() => decodeState(made)).toThrow(RangeError)
      }),
    )
  })

  test('forged headers with a right checksum never get further than an error of ours', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 60 })
    fc.assert(
      fc.property(fc.json(), text, fc.uint8Array({ maxLength: 16 }), (tree, tensors, data) => {
        for (const forged of [
          forge({ tree, data }),
          forge({ tensors, data }),
          forge({ metadata: tensors }),
        ]) {
          try {
            decodeState(forged)
          } catch (error) {
            expect(error).toBeInstanceOf(Error)
            expect((error as Error).message).toMatch(/^decodeState: /)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

const w = (fields: string) => `"w":{${fields}}`
const huge = '9007199254740991'

const forged: [title: string, forged: Forged, message: string | RegExp][] = [
  ['another version', { version: '2' }, 'decodeState: the version must be 1, got 2'],
  [
    'no state',
    { metadata: '"x":"y"' },
    /header must be JSON as encodeState writes it, got .*__metadata__.state must be a string/,
  ],
  ['no JSON', { tensors: '"w":' }, /header must be JSON as encodeState writes it, got SyntaxError/],
  ['a state of no JSON', { tree: '{' }, /header must be JSON as encodeState writes it, got SyntaxError/],
  [
    'a state deeper than the stack',
    { tree: '['.repeat(1e5) + ']'.repeat(1e5) },
    /header must be JSON|nested at most 64 deep/,
  ],
  ['a state nested too deep', { tree: `${'['.repeat(66)}${']'.repeat(66)}` }, /nested at most 64 deep/],
  ['a state that is a number', { tree: '1' }, 'decodeState: the state must be a record or a list, got 1'],
  ['a name twice in the state', { tree: '{"w":{"$tensor":"w"},"a":1,"a":2}' }, /has a name twice/],
  ['a tensor twice', { tensors: `${W},${W}` }, /the header must be as encodeState writes it/],
  [
    'a tensor behind itself',
    { tensors: `"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},${W}` },
    /the header must be as encodeState writes it/,
  ],
  [
    'a field twice',
    { tensors: w('"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]') },
    /the header must be as/,
  ],
  [
    'an unknown field',
    { tensors: w('"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1') },
    /the header must be as/,
  ],
  ['spaces', { tensors: W.replace(':', ': ') }, /the header must be as/],
  ['no alignment', { padding: ' ' }, /the header must be as/],
  ['other padding', { padding: '\n'.repeat(8) }, /the header must be as/],
  [
    'a tensor that is no record',
    { tensors: '"w":null' },
    'decodeState: tensor "w" must be a record, got null',
  ],
  [
    'an unknown element type',
    { tensors: w('"dtype":"I64","shape":[1],"data_offsets":[0,8]') },
    /"w": dtype must be one of F64, .*got "I64"/,
  ],
  [
    'an inherited element type',
    { tensors: w('"dtype":"constructor","shape":[1],"data_offsets":[0,8]') },
    /dtype must be one of/,
  ],
  [
    'a negative dimension',
    { tensors: w('"dtype":"F32","shape":[-2],"data_offsets":[0,8]') },
    /shape must be a list of integers ≥ 0, got \[-2\]/,
  ],
  [
    'a dimension that is null',
    { tensors: w('"dtype":"F32","shape":[null],"data_offsets":[0,8]') },
    /shape must be a list/,
  ],
  [
    'a dimension beyond integers',
    { tensors: w('"dtype":"F32","shape":[1e999],"data_offsets":[0,8]') },
    /shape must be a list/,
  ],
  [
    'huge dimensions',
    { tensors: w(`"dtype":"F32","shape":[${huge},${huge}],"data_offsets":[0,8]`) },
    /must be of 3\.2\d+e\+32 bytes, got 8/,
  ],
  [
    'dimensions that overflow to what is there',
    { tensors: w('"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]') },
    /must be of/,
  ],
  [
    'too few bytes',
    { tensors: w('"dtype":"F32","shape":[3],"data_offsets":[0,8]') },
    /\[3\] of F32 must be of 12 bytes, got 8/,
  ],
  [
    'an offset beyond the end',
    { tensors: w('"dtype":"F32","shape":[3],"data_offsets":[0,12]') },
    /data_offsets must be \[begin, end\] within 8 bytes, got \[0, 12\]/,
  ],
  [
    'offsets turned round',
    { tensors: w('"dtype":"F32","shape":[2],"data_offsets":[8,0]') },
    /data_offsets must be/,
  ],
  [
    'a negative offset',
    { tensors: w('"dtype":"F32","shape":[2],"data_offsets":[-8,0]') },
    /data_offsets must be/,
  ],
  [
    'an offset with a fraction',
    { tensors: w('"dtype":"F32","shape":[2],"data_offsets":[0.5,8.5]') },
    /data_offsets must be/,
  ],
  [
    'offsets that are text',
    { tensors: w('"dtype":"F32","shape":[2],"data_offsets":"08"') },
    /data_offsets must be/,
  ],
  [
    'tensors that overlap',
    {
      tensors: `"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},${W}`,
      tree: '{"v":{"$tensor":"v"},"w":{"$tensor":"w"}}',
    },
    'decodeState: tensor "w" must be at byte 8, behind the others, got 0',
  ],
  [
    'a gap before a tensor',
    { tensors: w('"dtype":"U8","shape":[2],"data_offsets":[6,8]') },
    /"w" must be at byte 0, behind the others, got 6/,
  ],
  [
    'bytes that belong to nothing',
    { data: new Uint8Array(16) },
    'decodeState: the tensors must be all of the 16 bytes, got 8',
  ],
  [
    'a tensor that is not there',
    { tree: '{"w":{"$tensor":"v"}}' },
    'decodeState: tensor "v" must be there, and be referred to once',
  ],
  [
    'a tensor used twice',
    { tree: '{"v":{"$tensor":"w"},"w":{"$tensor":"w"}}' },
    /"w" must be there, and be referred to once/,
  ],
  ['a tensor not used', { tree: '{}' }, 'decodeState: tensor "w" must belong to the state'],
  ['a tensor named by a list', { tree: '{"w":{"$tensor":["w"]}}' }, /must be there, and be referred to once/],
  [
    'a tensor of more dimensions than an array has',
    { tensors: w('"dtype":"F32","shape":[1,2],"data_offsets":[0,8]') },
    /must have one dimension, got \[1,2\]/,
  ],
  [
    'an unknown tag',
    { tree: '{"w":{"$tensor":"w"},"x":{"$date":1}}' },
    /tags of other versions, got "\$date"/,
  ],
  ['a tag among names', { tree: '{"w":{"$tensor":"w","x":1}}' }, /tags of other versions, got "\$tensor"/],
  ['a number of no kind', { tree: '{"w":{"$tensor":"w"},"x":{"$number":"1"}}' }, /tags of other versions/],
  [
    'an inherited number',
    { tree: '{"w":{"$tensor":"w"},"x":{"$number":"toString"}}' },
    /tags of other versions/,
  ],
  [
    'a prototype',
    { tree: '{"__proto__":{"polluted":1},"w":{"$tensor":"w"}}' },
    'decodeState: a name must not be "__proto__"',
  ],
  ['a prototype further down', { tree: '{"a":[{"__proto__":{"$tensor":"w"}}]}' }, /must not be "__proto__"/],
  [
    'a prototype among the tensors',
    { tensors: '"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}' },
    /must be there, and be referred to once/,
  ],
]

describe('forgery', () => {
  test.each(forged)('%s', (_title, file, message) => {
    expectError(() => decodeState(forge(file)), RangeError as ErrorClass, message as RegExp)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  const withLength = (length: bigint) => {
    const bytes = Buffer.from(small())
    bytes.writeBigUInt64LE(length)
    return bytes
  }
  test.each([0n, 1n, 100_000_001n, 2n ** 32n + 8n, 2n ** 63n, 2n ** 64n - 1n])(
    'a header of %s bytes',
    (length) => {
      expect(() => decodeState(withLength(length))).toThrow(
        /^decodeState: the header's length must be in \[\d+, \d+\], got/,
      )
    },
  )

  test('bytes in the wrong encoding', () => {
    const bytes = forge({ tensors: W.replaceAll('w', 'ww') })
    bytes[bytes.indexOf('"ww":') + 1] = 0xff
    const at = bytes.indexOf('"crc32":"') + 9
    bytes.write('00000000', at)
    bytes.write(crc32(bytes).toString(16).padStart(8, '0'), at)
    expect(() => decodeState(bytes)).toThrow(/header must be JSON as encodeState writes it, got TypeError/)
  })

  test.each([
    undefined,
    null,
    'text',
    7,
    [1, 2],
    {},
    new Float32Array(100),
    new DataView(new ArrayBuffer(100)),
  ])('bytes that are %s', (bytes) => {
    expect(() => decodeState(bytes as never)).toThrow(
      /^decodeState: bytes must be a Uint8Array or an ArrayBuffer, got/,
    )
    expect(() => decodeState(bytes as never)).toThrow(TypeError)
  })

  test('a state of another optimizer changes nothing', () => {
    const opt = new AdamW({ w: [2] })
    const other = new AdamW({ w: [3] })
    const before = encodeState(opt.stateDict())
    expect(() => opt.loadStateDict(decodeState(encodeState(other.stateDict())))).toThrow(/length 2/)
    expect(encodeState(opt.stateDict())).toEqual(before)
  })
})

describe('encodeState refuses', () => {
  const cycle: Record<string, unknown> = {}
  cycle.cycle = cycle
  const plain = 'must be plain data (records, lists, numbers, strings, booleans, null) or a typed array, got'
  const rows: [string, unknown, ErrorClass, string | RegExp][] = [
    [
      'nothing',
      undefined,
      TypeError,
      'encodeState: state must be a record or a list, as stateDict() returns, got undefined',
    ],
    ['a number', 1, TypeError, /a record or a list/],
    [
      'an array',
      new Float32Array(1),
      TypeError,
      /a record or a list, as stateDict\(\) returns, got Float32Array\(1\)/,
    ],
    ['an optimizer', new AdamW({ w: [1] }), TypeError, /a record or a list/],
    ['undefined inside', { a: [1, undefined] }, TypeError, `encodeState: state.a.1 ${plain} undefined`],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried
    ['a hole', { a: [1, , 2] }, TypeError, `encodeState: state.a.1 ${plain} undefined`],
    ['a function', { f() {} }, TypeError, `encodeState: state.f ${plain} function f`],
    ['a bigint', { n: 1n }, TypeError, `encodeState: state.n ${plain} 1n`],
    ['a Map', { m: new Map() }, TypeError, `encodeState: state.m ${plain} Map`],
    ['a class', { d: new Date(0) }, TypeError, `encodeState: state.d ${plain} Date`],
    [
      'a type without a name in the format',
      { i: new Int32Array(3) },
      TypeError,
      /^encodeState: state.i must be a Float64Array, .*got Int32Array\(3\)$/,
    ],
    [
      'a DataView',
      { v: new DataView(new ArrayBuffer(1)) },
      TypeError,
      /^encodeState: state.v must be a Float64Array/,
    ],
    [
      'a detached array',
      { w: detach(Float32Array.of(1)) },
      TypeError,
      'encodeState: state.w must not be detached (its buffer was transferred)',
    ],
    [
      'a prototype',
      JSON.parse('{"a":{"__proto__":1}}'),
      RangeError,
      'encodeState: a name must not be "__proto__"',
    ],
    ['a cycle', cycle, RangeError, 'encodeState: state must be nested at most 64 deep, got more, or a cycle'],
  ]
  test.each(rows)('%s', (_title, state, type, message) => {
    expectError(() => encodeState(state as object), type, message)
  })

  test.skipIf(!hasResizable || !hasGrowable)('nothing about resizable buffers: it copies', () => {
    const bytes = encodeState({ w: resizable(2).fill(3) })
    expect(decodeState(bytes)).toEqual({ w: Float32Array.of(3, 3) })
  })
})
