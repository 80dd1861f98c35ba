// How fast a step is: ns per parameter of each optimizer over memory of its own, beside what the memory allows.
import { backendInfo, createRandom, type FloatArray, type LoopOptimizer } from 'cauchy'
import { type BackendName, contenderOf, type Start } from './contenders'
import type { Config, ThroughputRecord } from './records'
import { quantile } from './summary/statistics'

/** Parameters: a matrix of 256 × 256, and one of 1024 × 1024. */
const SIDES = [256, 1024]
const ROUNDS = 7
/** Milliseconds that each of the candidates takes in a round. */
const LEAST = 4

/** One record at a time, so that a caller may stop between two optimizers; nothing else may run meanwhile. */
export function* measureThroughput({ optimizers, backend }: Config): Generator<ThroughputRecord[]> {
  const backends = backendsOf(backend)
  for (const optimizer of optimizers) {
    // A matrix rule's time goes into products, not into moving parameters.
    if (contenderOf(optimizer).needsMatrices) continue
    for (const side of SIDES) yield measure(optimizer, side, backends)
  }
}

/** What the benchmark computes with, and WebAssembly beside it. */
function backendsOf(backend: BackendName): { name: BackendName; isa: string }[] {
  const chosen = backendInfo({ backend })
  if (chosen.name !== 'native') return [chosen]
  try {
    return [chosen, backendInfo({ backend: 'wasm' })]
  } catch {
    return [chosen]
  }
}

function measure(
  optimizer: string,
  side: number,
  backends: readonly { name: BackendName; isa: string }[],
): ThroughputRecord[] {
  const n = side * side
  const steps = backends.map(({ name }) => stepOf(optimizer, [side, side], name))
  // Parameters and state are read and written, gradients read.
  const moved = 12 * n + 2 * stateBytes(steps[0].opt)
  const candidates = [...steps, ...rooflines(moved, backends[0].name)].map(({ run }) => run)
  const times = candidates.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, run] of candidates.entries()) times[k].push(milliseconds(run))
  }
  const perParam = times.map((all) => ((quantile(all, 0.5) as number) * 1e6) / n)
  return backends.map(({ name, isa }, k) => ({
    kind: 'throughput',
    optimizer,
    backend: name,
    isa,
    n,
    nsPerParam: Number(perParam[k].toPrecision(4)),
    rooflineNsPerParam: Number(Math.min(...perParam.slice(backends.length)).toPrecision(4)),
  }))
}

/** An optimizer that owns its memory, and a step of it. */
function stepOf(optimizer: string, shape: readonly number[], backend: BackendName) {
  const opt = contenderOf(optimizer).create({ w: shape } as unknown as Start, { lr: 1e-3 }, backend)
  const { normal } = createRandom(0)
  const fill = (array: FloatArray) => {
    for (let i = 0; i < array.length; i++) array[i] = 0.01 * normal()
  }
  fill((opt.params as Record<string, FloatArray>).w)
  fill((opt.grads as Record<string, FloatArray>).w)
  const run = () => opt.step()
  run()
  return { opt, run }
}

/** What moves as many bytes and does next to nothing: a copy, and a step of SGD, which writes over what it reads. */
function rooflines(bytes: number, backend: BackendName): { run: () => unknown }[] {
  const [source, target] = [new Float32Array(bytes / 8).fill(1), new Float32Array(bytes / 8)]
  return [{ run: () => target.set(source) }, stepOf('SGD', [Math.round(bytes / 12)], backend)]
}

function stateBytes(opt: LoopOptimizer): number {
  const { state } = opt.stateDict() as { state: Record<string, Record<string, unknown>> }
  return Object.values(state.w ?? {}).reduce<number>(
    (sum, value) => sum + (ArrayBuffer.isView(value) ? value.byteLength : 0),
    0,
  )
}

/** Of one call, the mean over a few. */
function milliseconds(run: () => unknown): number {
  const start = performance.now()
  for (let calls = 1; ; calls++) {
    run()
    const took = performance.now() - start
    if (took >= LEAST) return took / calls
  }
}
