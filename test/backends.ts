// Every backend and instruction set of this machine, forced through the public API alone.
import { backendInfo } from 'cauchy'

export interface Target {
  /** 'native avx2', 'wasm', … */
  readonly label: string
  readonly backend: 'native' | 'wasm' | 'js'
  readonly isa: string
  readonly available: boolean
  /** Makes something while this backend and instruction set are forced. */
  use<T>(make: () => T): T
}

function forced<T>(backend: string, isa: string | undefined, make: () => T): T {
  const before = { CAUCHY_BACKEND: process.env.CAUCHY_BACKEND, CAUCHY_ISA: process.env.CAUCHY_ISA }
  try {
    process.env.CAUCHY_BACKEND = backend
    process.env.CAUCHY_ISA = isa ?? ''
    return make()
  } finally {
    Object.assign(process.env, {
      CAUCHY_BACKEND: before.CAUCHY_BACKEND ?? '',
      CAUCHY_ISA: before.CAUCHY_ISA ?? '',
    })
  }
}

function target(backend: Target['backend'], isa?: string): Target {
  const use = <T>(make: () => T) => forced(backend, isa, make)
  let available = true
  try {
    use(() => backendInfo())
  } catch {
    available = false
  }
  return { label: isa ? `${backend} ${isa}` : backend, backend, isa: isa ?? '', available, use }
}

/** All there could be, available or not: a missing one is to be seen as a skip. */
export const targets: readonly Target[] = [
  ...['avx512', 'avx2', 'sse2', 'neon', 'scalar'].map((isa) => target('native', isa)),
  target('wasm'),
  target('js'),
]

export const backends = targets.filter(({ available }) => available)
