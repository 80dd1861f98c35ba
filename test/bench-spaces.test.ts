// What the benchmark searches of every optimizer: its defaults are inside, and decay does not move a landscape's minimum.
import { expect, test } from 'vitest'
import { contenders } from '../src/bench/contenders'
import { Done } from '../src/bench/done'
import { nextJob, studiesOf } from '../src/bench/plan'
import type { Config } from '../src/bench/records'
import { trainOnce } from '../src/bench/run'
import type { BenchProblem } from '../src/problems/entry'

test.each(contenders.map((contender) => [contender.name, contender] as const))(
  "%s's defaults lie in its space, and decay is searched where there is one",
  (_name, { space, create }) => {
    const { groups } = create({ w: { data: new Float32Array(4), shape: [2, 2] } }, {}, 'js')
    const defaults = groups[0] as unknown as Record<string, number> & { betas?: number[] }
    for (const [axis, { min, max }] of Object.entries(space)) {
      const beta = /^beta(\d)$/.exec(axis)
      const value = beta ? defaults.betas?.[Number(beta[1]) - 1] : defaults[axis]
      expect(value, axis).toBeGreaterThanOrEqual(min)
      expect(value, axis).toBeLessThanOrEqual(max)
    }
    expect('weightDecay' in space).toBe(defaults.weightDecay > 0)
  },
)

/** Level everywhere: only decay moves a point. */
const plain: BenchProblem = {
  name: 'plain',
  shapes: { x: [1, 2] },
  view: { x: [0, 9], y: [0, 9], minima: [] },
  params: () => ({ x: Float64Array.of(5, 7) }),
  lossAndGrad(_params, grads) {
    grads.x.fill(0)
    return 1
  },
}

test.each(['grid', 'random'] as const)(
  'without a gradient no optimizer moves on a landscape: %s',
  (search) => {
    const problem = { ...plain, kind: 'landscape', length: 20, batchSize: null, target: null, leftOut: [] }
    const optimizers = contenders.map(({ name }) => name)
    const config = { problems: [problem], optimizers, schedules: ['constant'], search, trials: 1, seeds: 1 }
    const studies = studiesOf({ ...config, shard: null } as unknown as Config)
    expect(studies).toHaveLength(contenders.length)
    for (const study of studies) {
      const job = nextJob(study, new Done([]))
      if (job === undefined) throw new Error(study.name)
      const { trajectory } = trainOnce(plain, job.spec, 'js', 60)
      expect(trajectory?.at(-1), study.name).toEqual([5, 7])
    }
  },
)
