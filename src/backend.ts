// The choice of a backend: native, else WebAssembly, else JavaScript; by option or environment if forced.
import { tiers } from '#tiers'
import type { Backend, Threading } from './backends/engine'
import { checkInteger, checkOneOf, checkOptions } from './check'
import type { BackendName } from './types'

/** What the native backend's pool holds (kMostWorkers in pool.cc, and the thread that calls it). */
const MOST_THREADS = 256

/** How many threads to use: by option, else by CAUCHY_THREADS, else one; CAUCHY_CUTOVER moves where they begin to. */
export function chooseThreading(who: string, option: unknown): Threading {
  const count = (name: string, min: number, max?: number) => {
    const text = environment(name)
    return text === undefined ? undefined : checkInteger(`${who}: ${name}`, Number(text), min, max)
  }
  const threads =
    option === undefined
      ? count('CAUCHY_THREADS', 1, MOST_THREADS)
      : checkInteger(`${who}: threads`, option, 1, MOST_THREADS)
  return { threads: threads ?? 1, cutover: count('CAUCHY_CUTOVER', 0) }
}

/** What was chosen, why, and what went wrong on the way. */
export interface BackendInfo {
  readonly name: BackendName
  /** 'avx512', 'avx2', 'sse2', 'neon' or 'scalar' (native); 'simd128' (wasm); 'none' (js). */
  readonly isa: string
  readonly reason: string
  /** The errors of the faster backends that could not be loaded, in the order tried. */
  readonly errors: readonly Error[]
}

export interface Choice {
  readonly backend: Backend
  readonly info: BackendInfo
}

export const BACKEND_CHOICES = ['auto', 'native', 'wasm', 'js'] as const
const ISAS = ['avx512', 'avx2', 'sse2', 'neon', 'scalar'] as const

/** Loads once: the same outcome, good or bad, every time it is asked for. */
function once<T>(load: () => T): () => T | Error {
  let outcome: T | Error | undefined
  return () => {
    try {
      outcome ??= load()
    } catch (error) {
      outcome = error instanceof Error ? error : new Error(String(error))
    }
    return outcome
  }
}

const loaders = { native: once(tiers.native), wasm: once(tiers.wasm), js: once(tiers.js) }

function environment(name: string): string | undefined {
  try {
    return process.env[name] || undefined
  } catch {
    return undefined // reading it may be forbidden, or there is no process
  }
}

function pickIsa(who: string, backends: Backend[]): Backend {
  const wanted = environment('CAUCHY_ISA')
  if (wanted === undefined) return backends[0]
  const found = backends.find(({ isa }) => isa === wanted)
  if (found) return found
  const names = backends.map(({ isa }) => isa).join(', ')
  throw new Error(`${who}: CAUCHY_ISA=${wanted} is not supported by this CPU, which has ${names}`)
}

/**
 * @param option The `backend` option: 'auto' (default), 'native', 'wasm' or 'js'; over CAUCHY_BACKEND.
 * @throws When a forced backend or instruction set cannot be had, with the load errors as the cause.
 */
export function chooseBackend(who: string, option: unknown = 'auto'): Choice {
  const byOption = checkOneOf(`${who}: backend`, option, BACKEND_CHOICES)
  const byEnvironment = checkOneOf(
    `${who}: CAUCHY_BACKEND`,
    environment('CAUCHY_BACKEND') ?? 'auto',
    BACKEND_CHOICES,
  )
  const isa = environment('CAUCHY_ISA')
  const isaForced = isa !== undefined
  if (isaForced) checkOneOf(`${who}: CAUCHY_ISA`, isa, ISAS)
  if (isaForced && byOption === 'auto') {
    if (byEnvironment === 'wasm' || byEnvironment === 'js') {
      throw new Error(
        `${who}: CAUCHY_ISA=${isa} needs the native backend, got CAUCHY_BACKEND=${byEnvironment}`,
      )
    }
  }
  const forced = byOption !== 'auto' ? byOption : byEnvironment
  const names: BackendName[] =
    forced !== 'auto' ? [forced] : isaForced ? ['native'] : ['native', 'wasm', 'js']
  const errors: Error[] = []
  for (const name of names) {
    const loaded = loaders[name]()
    if (loaded instanceof Error) {
      errors.push(new Error(`${name}: ${loaded.message}`, { cause: loaded }))
      continue
    }
    const backend = Array.isArray(loaded) ? pickIsa(who, loaded) : loaded
    const reason =
      byOption !== 'auto'
        ? `the backend option is '${byOption}'`
        : byEnvironment !== 'auto'
          ? `CAUCHY_BACKEND is '${byEnvironment}'`
          : isaForced
            ? `CAUCHY_ISA is '${backend.isa}'`
            : errors.length === 0
              ? 'the fastest backend, and it loads'
              : `${errors.map((error) => error.message.split(':', 1)[0]).join(' and ')} did not load`
    return { backend, info: { name: backend.name, isa: backend.isa, reason, errors } }
  }
  const cause = errors.length === 1 ? errors[0] : new AggregateError(errors)
  throw new Error(
    `${who}: the ${names[0]} backend was asked for and cannot be loaded: ${errors[0].message}`,
    { cause },
  )
}

/**
 * Which backend an optimizer made now would get, why, and every error met on the way.
 *
 * @example
 * ```ts
 * import { backendInfo } from 'cauchy'
 * const { name, isa, reason, errors } = backendInfo() // 'native', 'avx2', 'the fastest backend, and it loads', []
 * ```
 * @throws Error when `CAUCHY_BACKEND`, `CAUCHY_ISA` or the option force what cannot be had.
 */
export function backendInfo(options?: { backend?: 'auto' | BackendName }): BackendInfo {
  const { backend } = checkOptions('backendInfo', options, ['backend'])
  return chooseBackend('backendInfo', backend).info
}
