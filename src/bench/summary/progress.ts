// How much of what was planned is done: no verdict on a problem before all of its studies are there.
import { isDone, ofShard, plannedStudies } from '../planned'
import type { Results, RunRecord } from '../records'
import { someOf, studiesText } from './words'

export interface Progress {
  /** Studies of the plan, or of the shard. */
  planned: number
  done: number
  /** The names of the others. */
  missing: string[]
  /** 'i/n', or null for the whole. */
  shard: string | null
  /** By problem, over all shards. */
  problems: { problem: string; planned: number; done: number }[]
  /** In words. */
  text: string
}

const NAMED = 5

export function progressOf({ headers: [{ config }], runs }: Results): Progress {
  const byStudy = new Map<string, RunRecord[]>()
  for (const run of runs) byStudy.set(run.study, [...(byStudy.get(run.study) ?? []), run])
  const whole = plannedStudies(config).map((study) => ({
    ...study,
    done: isDone(byStudy.get(study.name) ?? [], config),
  }))
  const { shard } = config
  const own = ofShard(whole, shard)
  const missing = own.filter(({ done }) => !done).map(({ name }) => name)
  const problems = config.problems.map(({ name }) => {
    const own = whole.filter(({ problem }) => problem.name === name)
    return { problem: name, planned: own.length, done: own.filter(({ done }) => done).length }
  })
  const counts = { planned: own.length, done: own.length - missing.length }
  return { ...counts, missing, shard, problems, text: textOf(counts, missing, shard, whole.length) }
}

function textOf(
  { planned, done }: { planned: number; done: number },
  missing: readonly string[],
  shard: string | null,
  whole: number,
): string {
  const parts = [`${done} of ${studiesText(planned)}${shard === null ? '' : ` of shard ${shard}`} done`]
  if (missing.length > 0) parts.push(`missing: ${someOf(missing, NAMED)}`)
  if (shard !== null) parts.push(`the whole has ${whole}: join its shards with cauchy merge`)
  return `${parts.join('; ')}.`
}
