// How long an AdamW step takes by the format of its state, in one interleaved run.
import { AdamW, backendInfo, type StateDtype } from 'cauchy'
import { withIsa } from '../step/candidates'
import { measure } from '../step/measure'

export interface SpeedRow {
  readonly n: number
  readonly backend: string
  /** Seconds a step, for each format. */
  readonly times: readonly number[]
}

const SIZES = [2 ** 16, 2 ** 20, 2 ** 24, 2 ** 26]

function targets(): { backend: 'native' | 'wasm'; isa: string }[] {
  const native = ['avx512', 'avx2', 'neon'].filter((isa) => {
    try {
      return withIsa(isa, () => backendInfo({ backend: 'native' })).isa === isa
    } catch {
      return false
    }
  })
  return [...native.map((isa) => ({ backend: 'native', isa }) as const), { backend: 'wasm', isa: '' }]
}

export function* speeds(formats: readonly StateDtype[]): Generator<SpeedRow> {
  for (const n of SIZES) {
    for (const { backend, isa } of targets()) {
      if (backend === 'wasm' && n > 2 ** 24) continue
      const candidates = formats.map((stateDtype) => {
        const opt = withIsa(isa, () => new AdamW([[n]], { backend, stateDtype }))
        const [p, g] = [opt.params[0], opt.grads[0]]
        for (let i = 0; i < n; i++) {
          p[i] = 1 + (i % 7)
          g[i] = ((i * 37) % 101) / 101 - 0.5
        }
        return { name: stateDtype, run: () => opt.step() }
      })
      const times = measure(candidates, 9, 0.15)
      yield { n, backend: `${backend} ${isa}`, times: formats.map((name) => times.get(name) as number) }
    }
  }
}
