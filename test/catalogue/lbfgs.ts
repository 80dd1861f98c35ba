// L-BFGS written down from PyTorch 1.13's lbfgs.py over one flat list of float64 numbers, and the options it is tested at.
import { LOSS, type Numbers, type Row, type Tensor } from './row'

export type Evaluate = (x: readonly number[]) => { loss: number; grad: readonly number[] }

interface State {
  funcEvals: number
  nIter: number
  d: number[]
  t: number
  oldDirs: number[][]
  oldStps: number[][]
  ro: number[]
  hDiag: number
  prevFlatGrad: number[]
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0)
const maxAbs = (a: readonly number[]) => a.reduce((max, x) => Math.max(max, Math.abs(x)), 0)
const along = (x: readonly number[], t: number, d: readonly number[]) => x.map((v, i) => v + t * d[i])

export const fresh = (): State => ({
  funcEvals: 0,
  nIter: 0,
  d: [],
  t: 0,
  oldDirs: [],
  oldStps: [],
  ro: [],
  hDiag: 1,
  prevFlatGrad: [],
})

/** torch.optim.LBFGS.step: returns where it ends and how often it evaluated; updates the state. */
export function step(state: State, x0: readonly number[], evaluate: Evaluate, o: Numbers) {
  let x = [...x0]
  let { loss, grad } = evaluate(x)
  let evaluations = 1
  state.funcEvals++
  let optimal = maxAbs(grad) <= o.toleranceGrad
  const maxEval = o.maxEval ?? Math.floor((o.maxIter * 5) / 4)
  for (let n = 1; !optimal && n <= o.maxIter; n++) {
    state.nIter++
    if (state.nIter > 1) remember(state, grad, o.historySize)
    state.d = direction(state, grad)
    state.prevFlatGrad = [...grad]
    const before = loss
    state.t = state.nIter === 1 ? Math.min(1, 1 / grad.reduce((sum, g) => sum + Math.abs(g), 0)) * o.lr : o.lr
    const gtd = dot(grad, state.d)
    if (gtd > -o.toleranceChange) break
    let used = 0
    if (o.lineSearchFn === 'strongWolfe') {
      const at = (t: number) => evaluate(along(x, t, state.d))
      const found = strongWolfe(at, state.t, state.d, loss, grad, gtd)
      ;({ loss, grad, t: state.t, used } = found)
      x = along(x, state.t, state.d)
    } else {
      x = along(x, state.t, state.d)
      if (n !== o.maxIter) {
        ;({ loss, grad } = evaluate(x))
        used = 1
      }
    }
    optimal = maxAbs(grad) <= o.toleranceGrad
    evaluations += used
    state.funcEvals += used
    if (n === o.maxIter || evaluations >= maxEval) break
    if (maxAbs(state.d.map((d) => d * state.t)) <= o.toleranceChange) break
    if (Math.abs(loss - before) < o.toleranceChange) break
  }
  return { x, evaluations }
}

function remember(state: State, grad: readonly number[], historySize: number): void {
  const y = grad.map((g, i) => g - state.prevFlatGrad[i])
  const s = state.d.map((d) => d * state.t)
  const ys = dot(y, s)
  if (!(ys > 1e-10)) return
  if (state.oldDirs.length === historySize)
    for (const list of [state.oldDirs, state.oldStps, state.ro]) list.shift()
  state.oldDirs.push(y)
  state.oldStps.push(s)
  state.ro.push(1 / ys)
  state.hDiag = ys / dot(y, y)
}

function direction({ oldDirs, oldStps, ro, hDiag }: State, grad: readonly number[]): number[] {
  let q = grad.map((g) => -g)
  const al: number[] = []
  for (let i = ro.length - 1; i >= 0; i--) {
    al[i] = dot(oldStps[i], q) * ro[i]
    q = along(q, -al[i], oldDirs[i])
  }
  let r = q.map((v) => v * hDiag)
  for (let i = 0; i < ro.length; i++) r = along(r, al[i] - dot(oldDirs[i], r) * ro[i], oldStps[i])
  return r
}

function cubicInterpolate(
  [x1, f1, g1]: readonly number[],
  [x2, f2, g2]: readonly number[],
  [low, high]: readonly number[],
): number {
  const d1 = g1 + g2 - (3 * (f1 - f2)) / (x1 - x2)
  const d2Square = d1 ** 2 - g1 * g2
  if (!(d2Square >= 0)) return (low + high) / 2
  const d2 = Math.sqrt(d2Square)
  const position =
    x1 <= x2
      ? x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
      : x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
  return Math.min(Math.max(position, low), high)
}

/** _strong_wolfe with its defaults: lists of t, loss and slope as PyTorch keeps them. */
function strongWolfe(
  at: (t: number) => ReturnType<Evaluate>,
  first: number,
  d: readonly number[],
  f: number,
  g: readonly number[],
  gtd: number,
) {
  const [c1, c2, maxLs] = [1e-4, 0.9, 25]
  const dNorm = maxAbs(d)
  let used = 0
  const point = (t: number) => {
    const { loss, grad } = at(t)
    used++
    return { t, f: loss, g: grad, gtd: dot(grad, d) }
  }
  const start = { t: 0, f, g, gtd }
  let now = point(first)
  let before = start
  let bracket: (typeof start)[] = []
  let done = false
  let ls = 0
  while (ls < maxLs) {
    if (now.f > f + c1 * now.t * gtd || (ls > 1 && now.f >= before.f)) {
      bracket = [before, now]
      break
    }
    if (Math.abs(now.gtd) <= -c2 * gtd) {
      bracket = [now]
      done = true
      break
    }
    if (now.gtd >= 0) {
      bracket = [before, now]
      break
    }
    const bounds = [now.t + 0.01 * (now.t - before.t), now.t * 10]
    const t = cubicInterpolate([before.t, before.f, before.gtd], [now.t, now.f, now.gtd], bounds)
    before = now
    now = point(t)
    ls++
  }
  if (ls === maxLs) bracket = [start, now]
  let stuck = false
  let [low, high] = bracket[0].f <= (bracket.at(-1) as typeof start).f ? [0, 1] : [1, 0]
  while (!done && ls < maxLs) {
    const [b0, b1] = bracket
    if (Math.abs(b1.t - b0.t) * dNorm < 1e-9) break
    const [min, max] = [Math.min(b0.t, b1.t), Math.max(b0.t, b1.t)]
    let t = cubicInterpolate([b0.t, b0.f, b0.gtd], [b1.t, b1.f, b1.gtd], [min, max])
    const eps = 0.1 * (max - min)
    if (Math.min(max - t, t - min) < eps) {
      if (stuck || t >= max || t <= min) {
        t = Math.abs(t - max) < Math.abs(t - min) ? max - eps : min + eps
        stuck = false
      } else stuck = true
    } else stuck = false
    now = point(t)
    ls++
    if (now.f > f + c1 * t * gtd || now.f >= bracket[low].f) {
      bracket[high] = now
      ;[low, high] = bracket[0].f <= bracket[1].f ? [0, 1] : [1, 0]
    } else {
      if (Math.abs(now.gtd) <= -c2 * gtd) done = true
      else if (now.gtd * (bracket[high].t - bracket[low].t) >= 0) bracket[high] = bracket[low]
      bracket[low] = now
    }
  }
  return { loss: bracket[low].f, grad: bracket[low].g, t: bracket[low].t, used }
}

const states = new WeakMap<readonly Tensor[], State>()

export const rows: Record<string, Row> = {
  LBFGS: {
    closure: true,
    couples: true,
    grows: true,
    variants: [
      { lr: 0.1, maxIter: 4, maxEval: 3, toleranceGrad: 1e-6, toleranceChange: 1e-8, historySize: 3 },
      { lr: 0.1, maxIter: 3, toleranceChange: 0, historySize: 2, maximize: true },
      { lr: 0.5, historySize: 2, lineSearchFn: 'strongWolfe' },
    ],
    together(tensors, grads, _t, o) {
      const state = states.get(tensors) ?? fresh()
      states.set(tensors, state)
      const grad = grads.flat()
      const { x } = step(
        state,
        tensors.flatMap(({ p }) => p),
        () => ({ loss: LOSS, grad }),
        o,
      )
      let at = 0
      for (const tensor of tensors) {
        const part = (values: readonly number[]) => values.slice(at, at + tensor.p.length)
        tensor.scalars = {
          funcEvals: state.funcEvals,
          nIter: state.nIter,
          t: state.t,
          pairs: state.ro.length,
        }
        tensor.state = {
          d: part(state.d),
          prevFlatGrad: part(state.prevFlatGrad),
          ...Object.fromEntries(
            state.ro.flatMap((_, k) => [
              [`oldDirs${k}`, part(state.oldDirs[k])],
              [`oldStps${k}`, part(state.oldStps[k])],
            ]),
          ),
        }
        tensor.p = part(x)
        at += tensor.p.length
      }
    },
  },
}
