// One racer's run: a real optimizer over a vector of two, from the start to its last step or past all bounds.
import { createRandom } from 'cauchy'
import { crc32 } from '../serialize/crc32'
import { create } from './catalogue'
import { type Landscape, landscapeOf } from './landscapes'
import type { Racer, Scene } from './scene'
import { SCHEDULES } from './schedules'

export interface Run {
  /** Where it was after each step, the start first: x₀ y₀ x₁ y₁ … */
  readonly path: Float64Array
  /** The loss there, without noise. */
  readonly losses: Float64Array
  /** Steps taken: fewer than the scene's where it diverged. */
  readonly steps: number
  /** Whether it left every bound: no finite numbers, or a thousand views away. */
  readonly diverged: boolean
  /** Whether it stopped going anywhere: the gradient at the end is nothing beside the one at the start. */
  readonly settled: boolean
  /** A checksum of `path`, to the last bit. */
  readonly hash: string
  /** What computed it: 'wasm simd128'. */
  readonly backend: string
}

const checksum = (bytes: Uint8Array) => crc32(bytes).toString(16).padStart(8, '0')

/** Whether a point is a thousand views from the view, or nowhere. */
function isLost({ view: { x, y } }: Landscape, [px, py]: ArrayLike<number> & Iterable<number>): boolean {
  const far = (value: number, [low, high]: readonly [number, number]) =>
    !(Math.abs(value - (low + high) / 2) <= 1000 * (high - low))
  return far(px, x) || far(py, y)
}

const gradNorm = (landscape: Landscape, point: Float64Array) => {
  const g = new Float64Array(2)
  landscape.lossAndGrad(point, g)
  return Math.sqrt(g[0] * g[0] + g[1] * g[1])
}

/** Steps between two yields: a fraction of a millisecond. */
const PIECE = 100

/** Runs `racer` in `scene`, piece by piece; throws what the library throws about its options. */
export function* runInPieces(scene: Scene, { optimizer: name, options }: Racer): Generator<void, Run> {
  const landscape = landscapeOf(scene.landscape)
  const optimizer = create(name, options, scene.dtype)
  const { x } = optimizer.params
  const [group] = optimizer.groups
  const schedule = SCHEDULES[scene.schedule].create(options.lr, scene.steps)
  const random = createRandom(scene.seed)
  const closure = (grads: { x: typeof x }) => {
    const loss = landscape.lossAndGrad(x, grads.x)
    if (scene.noise > 0) {
      for (let i = 0; i < 2; i++) grads.x[i] += scene.noise * random.normal()
    }
    return loss
  }

  const path = new Float64Array(2 * (scene.steps + 1))
  const losses = new Float64Array(scene.steps + 1)
  // Schedule-free rules are judged at their average, and come back to the last bit.
  const averages = name.startsWith('ScheduleFree')
  const note = (t: number) => {
    const before = averages ? x.slice() : x
    if (averages) optimizer.eval()
    path.set(x, 2 * t)
    losses[t] = landscape.loss(x[0], x[1])
    if (!averages) return
    optimizer.train()
    x.set(before)
  }

  x.set(scene.start)
  note(0)
  let steps = 0
  let diverged = false
  while (steps < scene.steps && !diverged) {
    group.lr = schedule(steps)
    optimizer.step(closure)
    diverged = isLost(landscape, x)
    if (!diverged) note(++steps)
    if (steps % PIECE === 0) yield
  }
  const { name: backend, isa } = optimizer.backend
  const taken = path.slice(0, 2 * (steps + 1))
  return {
    path: taken,
    losses: losses.slice(0, steps + 1),
    steps,
    diverged,
    settled:
      !diverged && gradNorm(landscape, taken.slice(-2)) <= 1e-4 * gradNorm(landscape, taken.slice(0, 2)),
    hash: checksum(new Uint8Array(taken.buffer)),
    backend: `${backend} ${isa}`,
  }
}

/** The whole of {@link runInPieces} at once. */
export function run(scene: Scene, racer: Racer): Run {
  const pieces = runInPieces(scene, racer)
  for (;;) {
    const { done, value } = pieces.next()
    if (done) return value
  }
}

/** A checksum of the whole race, to the last bit. */
export const raceHash = (runs: readonly Run[]): string =>
  checksum(new TextEncoder().encode(runs.map(({ hash }) => hash).join()))
