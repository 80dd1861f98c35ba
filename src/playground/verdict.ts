// What became of a run, in words.
import type { Landscape } from './landscapes'
import type { Run } from './run'
import { settledLoss, type Zone } from './sweep'

/** A number as people read it: three digits, a power of ten where it is far from one. */
export function show(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(3)))
  const [mantissa, exponent] = value.toExponential(1).split('e')
  const digits = [...String(Number(exponent))].map((digit) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(digit)])
  const power = `10${digits.join('')}`
  return Number(mantissa) === 1 ? power : `${Number(mantissa)}·${power}`
}

/** Coordinates too small to see are zero. */
export const showPoint = (point: ArrayLike<number>) => {
  const [x, y] = Array.from(point, (value) => show(Math.abs(value) < 1e-6 ? 0 : value))
  return `(${x}, ${y})`
}

/** 'the minimum' or 'a local minimum' if one is near. */
function minimumAt({ view, least, loss }: Landscape, [x, y]: Float64Array): string | undefined {
  const [width, height] = [view.x[1] - view.x[0], view.y[1] - view.y[0]]
  const near = ([a, b]: readonly [number, number]) =>
    Math.abs(x - a) < 0.01 * width && Math.abs(y - b) < 0.01 * height
  const found = view.minima.find(near)
  if (found === undefined || least === undefined) return undefined
  return loss(...found) <= least + 1e-6 * (1 + Math.abs(least)) ? 'the minimum' : 'a local minimum'
}

/** Where a run ended that neither diverged nor bounced. */
function ending(landscape: Landscape, { path, losses, settled, steps }: Run): string {
  const end = path.slice(-2)
  const loss = `loss ${show(losses[steps])}`
  const minimum = minimumAt(landscape, end)
  if (minimum) return `at ${minimum} ${showPoint(end)}, ${loss}`
  if (settled) return `the gradient vanishes at ${showPoint(end)}, ${loss}`
  return `loss ${show(losses[0])} down to ${show(losses[steps])} in ${steps} steps`
}

/** The verdict on a run, its learning rate in this zone of the spectrum. */
export function verdict(landscape: Landscape, run: Run, zone: Zone): string {
  const start = show(run.losses[0])
  switch (zone) {
    case 'diverges':
      return run.diverged
        ? `Too high: diverges, gone after ${run.steps} steps`
        : `Too high: diverges, loss ${show(settledLoss(run))} from ${start}`
    case 'unstable':
      return `Too high: bounces without settling, loss about ${show(settledLoss(run))}`
    case 'just right':
      return run.diverged
        ? `Just right: downhill and out of sight after ${run.steps} steps`
        : `Just right: ${ending(landscape, run)}`
    case 'stagnates':
      return `Too low: stagnates, loss still ${show(settledLoss(run))} of ${start} after ${run.steps} steps`
  }
}
