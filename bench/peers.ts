// `npm run bench:peers`: the same Adam step here, in a plain JavaScript loop and in TensorFlow.js, in one run.
import { type Peer, plainLoop } from './peers/peer'
import { loadTensorFlow } from './peers/tensorflow'
import { finish, note, readFlags, tryRoofline } from './step/command'
import { type Filter, type Keys, matches } from './step/filter'
import { FILTER_KEYS } from './step/plan'
import { measureGroup } from './step/rows'
import type { Row, Spec } from './step/spec'
import { bytesMoved, createSubject, fillGrads, fillParams, ruleOf, type Subject } from './step/subject'
import { findTargets, THREADS, threadsOf } from './step/targets'

const KEYS = {
  backend: [...FILTER_KEYS.backend, 'plain-js', 'tfjs-wasm', 'tfjs-cpu'],
  isa: FILTER_KEYS.isa,
  threads: 'count',
  n: 'count',
} as const satisfies Keys
const KI = 1024
const QUICK_SIZES = [16, 4 * KI, 64 * KI, KI * KI]
const SIZES = [...QUICK_SIZES, 16 * KI * KI]

const kind = { rule: 'adam', dtype: 'float32', state: 'float32', tensors: 1, mode: 'owned' } as const

/** What each makes of the same parameters and gradients, that the same step is timed: a few steps of each, compared. */
async function checkPeer(peer: Peer): Promise<void> {
  const n = 100
  const ours = createSubject({ ...kind, backend: 'js', isa: 'none', threads: 1, n })
  const [p, g] = [new Float32Array(n), new Float32Array(n)]
  fillParams(p)
  fillGrads(g)
  const theirs = await peer.create(p, g)
  for (let t = 0; t < 5; t++) {
    ours.run()
    theirs.run()
  }
  const wanted = new Float32Array(ours.pages.arrays[0].buffer, ours.pages.arrays[0].byteOffset, n)
  const got = theirs.read()
  const off = wanted.findIndex((value, i) => !(Math.abs(value - got[i]) <= 1e-5))
  if (off >= 0) throw new Error(`${peer.backend} computes another step: ${got[off]} for ${wanted[off]}`)
}

async function peerSubject(peer: Peer, spec: Spec): Promise<Subject> {
  const [p, g] = [new Float32Array(spec.n), new Float32Array(spec.n)]
  fillParams(p)
  fillGrads(g)
  const { run, before } = await peer.create(p, g)
  const bytes = bytesMoved(ruleOf(spec), spec)
  const name = `${peer.backend} n=${spec.n}`
  const pages = { arrays: [], written: 0 }
  return { name, spec, bytes, run, pages, ...(before ? { before } : {}) }
}

function specs(filter: Filter, peers: readonly Peer[], quick: boolean) {
  const targets = findTargets().targets
  const best = targets.filter(
    ({ backend }, k) => filter.has('isa') || k === targets.findIndex((other) => other.backend === backend),
  )
  const sizes = filter.get('n')?.map(Number) ?? (quick ? QUICK_SIZES : SIZES)
  return sizes.map((n) => ({
    ours: best
      .flatMap((target) => threadsOf(target, THREADS).map((threads) => ({ ...kind, ...target, threads, n })))
      .filter((spec) => matches(filter, spec)),
    theirs: peers
      .map((peer) => ({ peer, spec: { ...kind, backend: peer.backend, isa: peer.isa, threads: 1, n } }))
      .filter(({ peer, spec }) => n <= peer.largest && matches(filter, spec)),
  }))
}

const flags = readFlags('bench:peers', KEYS)
const effort = flags.quick ? { rounds: 3, seconds: 0.01 } : { rounds: 7, seconds: 0.1 }
const { missing } = findTargets()
const peers: Peer[] = [plainLoop]
const wanted = flags.filter.get('backend') ?? KEYS.backend
if (wanted.some((backend) => backend.startsWith('tfjs'))) {
  try {
    peers.push(...(await loadTensorFlow()))
  } catch (error) {
    missing.push(`no TensorFlow.js: ${(error as Error).message}`)
  }
}
for (const peer of peers) await checkPeer(peer)

const roofline = tryRoofline(missing)
const rows: Row[] = []
for (const { ours, theirs } of specs(flags.filter, peers, flags.quick)) {
  if (ours.length + theirs.length === 0) continue
  note(`adam, float32, n=${(ours[0] ?? theirs[0].spec).n}`)
  globalThis.gc?.() // the memory of the size before
  const subjects = ours.map(createSubject)
  for (const { peer, spec } of theirs) subjects.push(await peerSubject(peer, spec))
  rows.push(...(await measureGroup(subjects, roofline, effort)))
}
if (rows.length === 0) {
  note('bench:peers: no row of this machine matches the filter')
  process.exit(2)
}
finish('bench:peers', flags, rows, [], missing)
