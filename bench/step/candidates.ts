// What a step is measured against and on: AdamW on each backend, the memory limit, a plain JavaScript loop.
import { AdamW, type CommonOptions, Optimizer, type ParamsInput, type Rule } from 'cauchy'
import type { Candidate } from './measure'

const stream: Rule<CommonOptions> = {
  name: 'Stream',
  options: {
    lr: { default: 0, check: () => 0 },
    maximize: { default: false, check: () => false },
  },
  structural: [],
  state: () => ['m', 'v'],
  passes: () => ['stream'],
  coefficients: () => {},
}

/** AdamW's loads and stores around one addition each: what the memory allows. */
class Stream extends Optimizer<CommonOptions> {
  constructor(params: ParamsInput<CommonOptions>, options: { backend: 'native' | 'wasm' }) {
    super(stream, params, options)
  }
}

interface Stepping {
  readonly params: unknown
  readonly grads: unknown
  step(): unknown
}

function fill(opt: Stepping): void {
  const [p] = opt.params as Float32Array[]
  const [g] = opt.grads as Float32Array[]
  for (let i = 0; i < p.length; i++) {
    p[i] = 1 + (i % 7)
    g[i] = ((i * 37) % 101) / 101 - 0.5
  }
}

/** Runs `make` with an instruction set forced. */
export function withIsa<T>(isa: string, make: () => T): T {
  const before = process.env.CAUCHY_ISA ?? ''
  process.env.CAUCHY_ISA = isa
  try {
    return make()
  } finally {
    process.env.CAUCHY_ISA = before
  }
}

function owned(name: string, make: () => Stepping): Candidate {
  const opt = make()
  fill(opt)
  return { name, run: () => opt.step() }
}

function callers(name: string, n: number, backend: 'native' | 'wasm'): Candidate {
  const p = new Float32Array(n).fill(1)
  const g = Float32Array.from({ length: n }, (_, i) => ((i * 37) % 101) / 101 - 0.5)
  const opt = new AdamW([p], { backend })
  const grads = [g]
  return { name, run: () => opt.step(grads) }
}

/** The loop a user would write: doubles over Float32Arrays, no rounding calls. */
function plainLoop(n: number): Candidate {
  const p = new Float32Array(n).fill(1)
  const g = new Float32Array(n).fill(0.25)
  const m = new Float32Array(n)
  const v = new Float32Array(n)
  let power1 = 1
  let power2 = 1
  const run = () => {
    power1 *= 0.9
    power2 *= 0.999
    const stepSize = 1e-3 / (1 - power1)
    const correction = 1 / (1 - power2)
    for (let i = 0; i < n; i++) {
      const gi = g[i]
      const mi = 0.9 * m[i] + 0.1 * gi
      const vi = 0.999 * v[i] + 0.001 * gi * gi
      m[i] = mi
      v[i] = vi
      p[i] = p[i] * (1 - 1e-5) - (stepSize * mi) / (Math.sqrt(vi * correction) + 1e-8)
    }
  }
  return { name: 'plain loop', run }
}

/** Every candidate at one size; `isas` are the native instruction sets, best first, none without the addon. */
export function candidates(n: number, isas: readonly string[]): Candidate[] {
  return [
    ...isas.map((isa) =>
      owned(`stream ${isa}`, () => withIsa(isa, () => new Stream([[n]], { backend: 'native' }))),
    ),
    ...isas.map((isa) =>
      owned(`native ${isa}`, () => withIsa(isa, () => new AdamW([[n]], { backend: 'native' }))),
    ),
    ...(isas.length > 0 ? [callers("native, caller's arrays", n, 'native')] : []),
    owned('stream wasm', () => new Stream([[n]], { backend: 'wasm' })),
    owned('wasm', () => new AdamW([[n]], { backend: 'wasm' })),
    callers("wasm, caller's arrays", n, 'wasm'),
    owned('js', () => new AdamW([[n]], { backend: 'js' })),
    plainLoop(n),
  ]
}
