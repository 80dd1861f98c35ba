// The race of a scene: every racer's run, computed again only where something that decides it changed.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { CATALOGUE } from './catalogue'
import { landscapeOf } from './landscapes'
import { inPieces } from './pieces'
import { type Run, run } from './run'
import type { Racer, Scene } from './scene'
import { type Sweep, sweep, trialOf, type Zone, zoneOf } from './sweep'

/** Everything of a scene that decides a racer's run. */
const keyOf = ({ speed: _speed, racers: _racers, ...scene }: Scene, racer: Racer) =>
  JSON.stringify([scene, racer])

/** The runs of a scene, in the racers' order. */
export function useRuns(scene: Scene): readonly Run[] {
  const known = useRef(new Map<string, Run>())
  return useMemo(() => {
    const next = new Map<string, Run>()
    const runs = scene.racers.map((racer) => {
      const key = keyOf(scene, racer)
      const found = known.current.get(key) ?? run(scene, racer)
      next.set(key, found)
      return found
    })
    known.current = next
    return runs
  }, [scene])
}

/** The sweep of a racer's learning rates; undefined until its first is done, the last one while another is. */
export function useSweep(scene: Scene, racer: Racer): Sweep | undefined {
  const [found, setFound] = useState<Sweep>()
  const key = keyOf(scene, { ...racer, options: { ...racer.options, lr: 0 } })
  useEffect(() => inPieces(sweep(scene, racer), setFound), [key])
  return found
}

/** In which zone of the spectrum a run is. */
export function zoneOfRun(scene: Scene, { options: { lr } }: Racer, done: Run, found: Sweep): Zone {
  return zoneOf(trialOf(scene, lr, done, landscapeOf(scene.landscape).least), found)
}

const PART = 0.001

/** Who came how far, in words: the steps to a thousandth of the way from the least loss, and never farther again. */
export function outcome(scene: Scene, runs: readonly Run[]): string {
  const { least } = landscapeOf(scene.landscape)
  if (least === undefined)
    return 'This landscape has no least loss: whoever leaves the picture fastest goes down.'
  const first = runs[0].losses[0]
  const goal = least + PART * (first - least)
  const arrivals = runs
    .map(({ losses }, k) => ({
      name: CATALOGUE[scene.racers[k].optimizer].label,
      // Who only passes by on the way to and fro has not arrived.
      step: losses.findLastIndex((loss) => loss > goal) + 1,
      length: losses.length,
    }))
    .filter(({ step, length }) => step < length)
    .sort((a, b) => a.step - b.step)
  const all = arrivals.length === runs.length
  if (arrivals.length === 0) return `Nobody came 99.9 % of the way down within ${scene.steps} steps.`
  const list = arrivals.map(({ name, step }) => `${name} in ${step}`).join(', ')
  return `Steps to 99.9 % of the way down, to stay: ${list}${all ? '' : `; the others not within ${scene.steps}`}.`
}
