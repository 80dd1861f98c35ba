// From the summary to what the pictures are drawn from.
import type { Results } from '../bench/records'
import { contenderName, type StudySummary, type Summary } from '../bench/summary'
import type { Figure } from './charts/data'
import { forgivenessFigure, profilesFigure } from './figures/overall'
import { problemFigures } from './figures/problem'
import { splitFigure, throughputFigure } from './figures/time'

export interface ProblemFigures {
  problem: string
  /** Of its section, and of its pictures' files. */
  slug: string
  figures: Figure[]
}

export interface Figures {
  contenders: string[]
  forgiveness: Figure | null
  profiles: Figure | null
  problems: ProblemFigures[]
  split: Figure | null
  throughput: Figure | null
}

export function allFigures(figures: Figures): Figure[] {
  const { forgiveness, profiles, split, throughput, problems } = figures
  const inProblems = problems.flatMap((problem) => problem.figures)
  return [profiles, forgiveness, ...inProblems, split, throughput].filter((figure) => figure !== null)
}

export function makeFigures(results: Results, summary: Summary): Figures {
  const { studies } = summary
  const name = contenderName(studies)
  const contenders = [...new Set(studies.map(name))]
  const number = (study: StudySummary) => contenders.indexOf(name(study))
  const known = results.headers.flatMap(({ config }) => config.problems.map((problem) => problem.name))
  const tried = studies.map(({ problem }) => problem)
  const names = [...new Set([...known, ...tried])].filter((problem) => tried.includes(problem))
  const slugs = new Set<string>()
  return {
    contenders,
    forgiveness: forgivenessFigure(results, summary, number),
    profiles: profilesFigure(summary, contenders),
    problems: names.map((problem) => {
      const own = studies.filter((study) => study.problem === problem)
      const named = slug(problem, slugs)
      return {
        problem,
        slug: named,
        figures: problemFigures(results, own, named, summary, number, contenders),
      }
    }),
    split: splitFigure(studies, number),
    throughput: throughputFigure(results),
  }
}

/** A file name of its own for every problem, whatever it is called. */
function slug(name: string, taken: Set<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/^-|-$/g, '') || 'problem'
  let free = plain
  for (let i = 2; taken.has(free); i++) free = `${plain}-${i}`
  taken.add(free)
  return free
}
