// Performance profiles (Dolan and Moré, Mathematical Programming 91, 2002): who is near the best, on how many problems.
import type { Progress } from './progress'
import type { StudySummary } from './studies'

export interface Profile {
  /** The optimizer, with its schedule where several are compared. */
  contender: string
  /** ρ(τ): the share of problems solved in at most τ times the steps of the best; steps of a staircase, τ ascending. */
  points: { tau: number; share: number }[]
  /** The share of problems on which it was the fastest: ρ(1). */
  wins: number
  /** The share on which nobody else was as fast. */
  alone: number
  /** Of these problems, how many it was tried on. */
  tried: number
  /** The share of problems whose target the median seed reached: ρ(∞). */
  solved: number
}

export interface Profiles {
  profiles: Profile[]
  /** Problems with a target that somebody reached: what the shares are of. */
  problems: string[]
  /** Problems whose target nobody reached. */
  unsolved: string[]
}

/** How a study is called among the others of its problem. */
export function contenderName(studies: readonly StudySummary[]): (study: StudySummary) => string {
  const several = new Set(studies.map(({ schedule }) => schedule)).size > 1
  return ({ optimizer, schedule }) => (several ? `${optimizer}, ${schedule}` : optimizer)
}

/** Over the problems of which every study is done. */
export function performanceProfiles(studies: readonly StudySummary[], progress: Progress): Profiles {
  const name = contenderName(studies)
  const steps = (study: StudySummary) => study.stepsToTarget?.median ?? Number.POSITIVE_INFINITY
  const best = new Map<string, number>()
  const unfinished = progress.problems.filter(({ planned, done }) => done < planned)
  const names = unfinished.map(({ problem }) => problem)
  for (const study of studies) {
    if (study.target === null || names.includes(study.problem)) continue
    best.set(study.problem, Math.min(best.get(study.problem) ?? Number.POSITIVE_INFINITY, steps(study)))
  }
  const problems = [...best].filter(([, value]) => value < Number.POSITIVE_INFINITY).map(([key]) => key)
  /** How many were the fastest on a problem. */
  const leaders = new Map(
    problems.map((problem) => [
      problem,
      studies.filter((study) => study.problem === problem && steps(study) === best.get(problem)).length,
    ]),
  )
  const unsolved = [...best.keys()].filter((key) => !problems.includes(key))
  const profiles = [...new Set(studies.map(name))].map((contender) => {
    const own = studies.filter((study) => name(study) === contender && problems.includes(study.problem))
    const ratios = own
      // A target that holds from the start takes no steps.
      .map((study) => Math.max(steps(study), 1) / Math.max(best.get(study.problem) ?? 1, 1))
      .filter((ratio) => ratio < Number.POSITIVE_INFINITY)
      .sort((a, b) => a - b)
    const led = own.filter((study) => steps(study) === best.get(study.problem))
    const alone =
      led.filter(({ problem }) => leaders.get(problem) === 1).length / Math.max(1, problems.length)
    return { ...profileOf(contender, ratios, problems.length), alone, tried: own.length }
  })
  return { profiles, problems, unsolved }
}

function profileOf(contender: string, ratios: readonly number[], problems: number) {
  const share = (tau: number) =>
    problems === 0 ? 0 : ratios.filter((ratio) => ratio <= tau).length / problems
  const points = [...new Set([1, ...ratios])].map((tau) => ({ tau, share: share(tau) }))
  return { contender, points, wins: share(1), solved: share(Number.POSITIVE_INFINITY) }
}
