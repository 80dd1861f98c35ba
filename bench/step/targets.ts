// Backends, instruction sets and numbers of threads that this machine and this version of the package have.
import { backendInfo } from 'cauchy'
import type { BenchRule, Stepping } from './rules'
import { LOW_PRECISION, type Spec } from './spec'

export interface Target {
  readonly backend: 'native' | 'wasm' | 'js'
  readonly isa: string
}

export const BACKENDS = ['native', 'wasm', 'js'] as const
export const ISAS = ['avx512', 'avx2', 'sse2', 'neon', 'scalar', 'simd128', 'none'] as const
export const THREADS: readonly number[] = [1, 2]

/** Runs `make` with a native instruction set forced. */
function withIsa<T>({ backend, isa }: Pick<Spec, 'backend' | 'isa'>, make: () => T): T {
  if (backend !== 'native') return make()
  const before = process.env.CAUCHY_ISA ?? ''
  process.env.CAUCHY_ISA = isa
  try {
    return make()
  } finally {
    process.env.CAUCHY_ISA = before
  }
}

function works(make: () => unknown): boolean {
  try {
    make()
    return true
  } catch {
    return false
  }
}

/** Best first; `missing` says why a backend is not among them. */
export function findTargets(): { targets: Target[]; missing: string[] } {
  const targets: Target[] = []
  const missing: string[] = []
  for (const backend of BACKENDS) {
    try {
      const best = backendInfo({ backend }).isa
      const others = backend === 'native' ? ISAS.filter((isa) => isa !== best && isNative(isa)) : []
      for (const isa of [best, ...others]) targets.push({ backend, isa })
    } catch (error) {
      missing.push(`no ${backend} backend: ${(error as Error).message.split('\n', 1)[0]}`)
    }
  }
  return { targets, missing }
}

function isNative(isa: string): boolean {
  return works(() => withIsa({ backend: 'native', isa }, () => backendInfo({ backend: 'native' })))
}

type Kind = Pick<Spec, 'backend' | 'isa' | 'dtype' | 'state' | 'threads'>

/** An optimizer of that kind; defaults are not passed, so that versions without an option can be measured too. */
export function createOptimizer(
  { Class, options }: BenchRule,
  { backend, isa, dtype, state, threads }: Kind,
  params: readonly unknown[],
  more: object = {},
): Stepping {
  const kind = {
    ...(threads > 1 ? { threads } : {}),
    ...(LOW_PRECISION.some((name) => name === state) ? { stateDtype: state } : {}),
  }
  const all = { ...options, ...more, backend, dtype, ...kind }
  return withIsa({ backend, isa }, () => new Class(params, all))
}

const known = new Map<string, boolean>()

function supports(rule: BenchRule, kind: Kind): boolean {
  const key = JSON.stringify([rule.name, kind.backend, kind.dtype, kind.state, kind.threads])
  const found = known.get(key) ?? works(() => createOptimizer(rule, kind, [[16]]))
  known.set(key, found)
  return found
}

/** Those numbers of threads that share a backend's steps; the option itself is taken by all. */
export const threadsOf = ({ backend }: Target, wanted: readonly number[]): readonly number[] =>
  backend === 'native' ? wanted : [1]

/** The precisions in which a rule's state can be kept, the low ones only where wanted. */
export function statesOf(
  rule: BenchRule,
  target: Target,
  dtype: Spec['dtype'],
  lowPrecision: boolean,
): string[] {
  if (rule.written + rule.read === 0) return ['none']
  if (!lowPrecision) return [dtype]
  const low = LOW_PRECISION.filter((state) => supports(rule, { ...target, dtype, state, threads: 1 }))
  return [dtype, ...low]
}
