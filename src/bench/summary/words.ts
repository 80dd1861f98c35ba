// The summary in words: who won where and by how much, and what not to conclude from it.
import type { Results } from '../records'
import { contenderName, type Profiles } from './profiles'
import type { Progress } from './progress'
import type { Quartiles } from './statistics'
import { count, type StudySummary } from './studies'

export interface Words {
  /** One sentence or two on the whole. */
  overall: string[]
  /** A sentence for every problem. */
  problems: { problem: string; text: string }[]
  /** What limits the conclusions. */
  caveats: string[]
  /** Whether the backends gave the same bits: one line; empty when nothing was repeated. */
  backends: string
}

export function inWords(
  results: Results,
  studies: readonly StudySummary[],
  profiles: Profiles,
  progress: Progress,
): Words {
  const name = contenderName(studies)
  const problems = [...new Set(studies.map(({ problem }) => problem))].map((problem) => ({
    problem,
    text:
      unfinishedText(problem, progress) ??
      problemText(
        studies.filter((study) => study.problem === problem),
        name,
      ),
  }))
  return {
    overall: [...(isWhole(progress) ? [] : [progress.text]), ...overallText(studies, profiles)],
    problems,
    caveats: caveats(results, studies, name),
    backends: backendsText(results),
  }
}

function overallText(studies: readonly StudySummary[], { profiles, problems, unsolved }: Profiles): string[] {
  const contenders = profiles.length
  const texts: string[] = []
  if (problems.length > 0 && contenders > 1) {
    const ranked = [...profiles].sort((a, b) => b.wins - a.wins || b.solved - a.solved)
    const total = problems.length
    const wins = ranked.filter(({ wins }) => wins === ranked[0].wins).map(({ contender }) => contender)
    const times = Math.round(ranked[0].wins * total)
    const each = wins.length > 1 ? ' each' : ''
    texts.push(
      `${list(wins)} needed the fewest steps to the target on ${times} of ${plural(total, 'problem')}${each}.`,
    )
    const alone = Math.max(...profiles.map((profile) => profile.alone))
    const ties = total - Math.round(total * profiles.reduce((sum, profile) => sum + profile.alone, 0))
    if (ties > 0) {
      const ahead = profiles.filter((profile) => profile.alone === alone).map(({ contender }) => contender)
      const who =
        alone === 0
          ? 'nobody was ever alone in front'
          : `alone in front most often: ${list(ahead)}, on ${Math.round(alone * total)}`
      texts.push(`On ${ties} of these ${total} several were equally fast; ${who}.`)
    }
    const solid = [...profiles].sort((a, b) => b.solved - a.solved)
    const most = solid.filter(({ solved }) => solved === solid[0].solved).map(({ contender }) => contender)
    const solved = Math.round(solid[0].solved * total)
    const who = most.length === contenders && contenders > 2 ? 'All' : list(most)
    texts.push(`${who} reached the target on ${solved === total ? 'all of them' : `${solved} of ${total}`}.`)
  }
  if (unsolved.length > 0) texts.push(`Nobody reached the target on ${list(unsolved)}.`)
  const tried = studies.reduce((sum, { tune }) => sum + tune.runs, 0)
  const diverged = studies.reduce((sum, { tune }) => sum + tune.diverged, 0)
  if (tried > 0) texts.push(`${diverged} of ${plural(tried, 'setting')} tried diverged.`)
  return texts
}

/** Whether nothing is missing of what all shards were to do. */
const isWhole = ({ problems }: Progress) => problems.every(({ planned, done }) => done === planned)

/** What is said instead of a verdict. */
function unfinishedText(name: string, { problems }: Progress): string | undefined {
  const found = problems.find(({ problem }) => problem === name)
  if (found === undefined || found.done === found.planned) return undefined
  return `${found.done} of ${studiesText(found.planned)} done: no verdict.`
}

function problemText(studies: readonly StudySummary[], name: (study: StudySummary) => string): string {
  const able = studies.filter(({ best, final }) => best !== null && final.finished > 0)
  if (able.length === 0) return 'no run finished.'
  const { target } = able[0]
  const reached = able
    .filter(({ stepsToTarget }) => (stepsToTarget?.median ?? null) !== null)
    .sort((a, b) => median(a.stepsToTarget) - median(b.stepsToTarget))
  return target !== null && reached.length > 0
    ? byTarget(reached, studies.length, name)
    : byValue(able, target !== null, name)
}

function byTarget(
  reached: readonly StudySummary[],
  all: number,
  name: (study: StudySummary) => string,
): string {
  const [first] = reached
  const { target, stepsToTarget } = first
  const ties = reached.filter(
    (study) => study !== first && median(study.stepsToTarget) === median(stepsToTarget),
  )
  const second = reached[1 + ties.length] as StudySummary | undefined
  const goal = `${target && metricName(target.metric)} ${target?.mode === 'max' ? '≥' : '≤'} ${target?.value}`
  let text = `${name(first)} (lr ${first.best?.options.lr}) reached ${goal} in ${range(stepsToTarget)} ${median(stepsToTarget) === 1 ? 'step' : 'steps'}`
  if (ties.length > 0) text += `, ${someOf(ties.map(name), 3)} as fast`
  if (second !== undefined) {
    const ratio = median(second.stepsToTarget) / Math.max(median(stepsToTarget), 1)
    const close = overlap(first.stepsToTarget, second.stepsToTarget)
    text += `; next ${name(second)} in ${range(second.stepsToTarget)} (${ratio.toFixed(ratio < 10 ? 1 : 0)}×)`
    if (close) text += ', too close to call'
  }
  return `${text}${reached.length === all ? '' : `; ${all - reached.length} of ${all} did not reach it with most seeds`}.`
}

function byValue(
  able: readonly StudySummary[],
  missed: boolean,
  name: (study: StudySummary) => string,
): string {
  const max = able[0].target?.mode === 'max'
  const [first, second] = [...able].sort((a, b) => {
    const difference = median(a.finalValue) - median(b.finalValue)
    return max ? -difference : difference
  })
  const metric = metricName(first.valueName)
  let text = `${name(first)} (lr ${first.best?.options.lr}) ended at the ${max ? 'highest' : 'lowest'} ${metric}, ${range(first.finalValue)}`
  if (second !== undefined) {
    text += `; next ${name(second)} at ${range(second.finalValue)}`
    if (overlap(first.finalValue, second.finalValue)) text += ', too close to call'
  }
  return `${missed ? 'nobody reached the target; ' : ''}${text}.`
}

function caveats(
  results: Results,
  studies: readonly StudySummary[],
  name: (study: StudySummary) => string,
): string[] {
  const texts: string[] = []
  const { seeds, search, trials } = results.headers[0].config
  const space =
    search === 'grid' ? 'learning rates on a log grid, all else at its defaults' : 'quasi-random settings'
  const repeated = results.runs.some(({ phase }) => phase === 'repeat') ? ', its best at two more' : ''
  texts.push(
    `Each optimizer was tuned with ${plural(trials, 'run')} at one seed${repeated}: ${space}. Other spaces, other winners.`,
  )
  texts.push(
    seeds < 5
      ? `Medians of ${plural(seeds, 'seed')} are rough: differences within the quartiles mean nothing.`
      : `Medians of ${seeds} seeds: a target is reached when most of them reach it.`,
  )
  const problems = new Set(studies.map(({ problem }) => problem)).size
  const tried = new Map<string, number>()
  for (const study of studies) tried.set(name(study), (tried.get(name(study)) ?? 0) + 1)
  const partial = [...tried].filter(([, times]) => times < problems)
  if (partial.length > 0) {
    const which = partial.map(([who, times]) => `${who} (${times})`)
    texts.push(
      `Not tried on all of the ${problems} problems, and shares of problems count the others as not reached: ${someOf(which, 5)}.`,
    )
  }
  const runs = results.runs.filter(({ phase }) => phase === 'final')
  if (runs.some(({ serial }) => !serial)) {
    texts.push('Runs shared the machine, so that only steps are compared; --serial gives seconds.')
  }
  const edges = studies.filter(({ edge }) => edge !== null)
  if (edges.length > 0) {
    const which = edges.map((study) => `${name(study)} on ${study.problem} (${study.edge})`)
    texts.push(`The best rate lies at the end of what was tried for ${someOf(which, 5)}.`)
  }
  const { failed, timeout } = count(results.runs)
  if (failed > 0) texts.push(`${plural(failed, 'run')} failed: ${reasons(studies)}`)
  if (timeout > 0) texts.push(`${plural(timeout, 'run')} took longer than allowed.`)
  return texts
}

/** Who gave the same bits, and who did not. */
function backendsText({ checks }: Results): string {
  const texts: string[] = []
  const unrepeatable = checks.filter(({ repeatable }) => !repeatable).map(({ study }) => study)
  if (unrepeatable.length > 0) {
    texts.push(
      `The same run twice on one backend found different numbers in ${someOf(unrepeatable, 5)}: the problem is not deterministic.`,
    )
  }
  const compared = checks.filter(({ hashes }) => Object.keys(hashes).length > 1)
  if (compared.length > 0) texts.push(comparedText(compared))
  return texts.join(' ')
}

function comparedText(compared: Results['checks']): string {
  const backends = [...new Set(compared.flatMap(({ hashes }) => Object.keys(hashes)))]
  const repeated = `${compared.length === 1 ? '1 study was' : `${compared.length} studies were`} re-run on ${list(backends)}`
  const different = compared.filter(({ same }) => !same).map(({ study }) => study)
  return different.length === 0
    ? `${repeated}: the same bits everywhere.`
    : `${repeated}: DIFFERENT bits in ${list(different)}. Please report it.`
}

const reasons = (studies: readonly StudySummary[]) =>
  [...new Set(studies.flatMap((study) => study.reasons))].slice(0, 3).join('; ')

const median = (value: Quartiles | null) => value?.median ?? Number.POSITIVE_INFINITY

/** Whether the boxes of two contenders touch. */
function overlap(a: Quartiles | null, b: Quartiles | null): boolean {
  const inside = (box: Quartiles | null) => [
    box?.q1 ?? Number.POSITIVE_INFINITY,
    box?.q3 ?? Number.POSITIVE_INFINITY,
  ]
  const [[lowA, highA], [lowB, highB]] = [inside(a), inside(b)]
  return lowA <= highB && lowB <= highA
}

/** A metric's path as one says it. */
export const metricName = (path: string) => path.replace('validation.', 'validation ')

/** '120 (110–140)', or '120' where the quartiles agree. */
export function range(value: Quartiles | null): string {
  if (value === null || value.median === null) return '–'
  const [low, middle, high] = [value.q1, value.median, value.q3].map((x) => (x === null ? '∞' : brief(x)))
  return low === high ? middle : `${middle} (${low}–${high})`
}

/** No count reaches it, but losses do, and are whole numbers then. */
const LARGE = 1e9

/** Three significant digits, counts in full, small and large numbers with an exponent. */
export function brief(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < LARGE) return String(value)
  const rounded = Number(value.toPrecision(3))
  const size = Math.abs(rounded)
  return size < 1e-3 || size >= LARGE ? rounded.toExponential() : String(rounded)
}

export const studiesText = (n: number) => (n === 1 ? '1 study' : `${n} studies`)

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/** 'a, b and c'; of names that hold commas themselves, 'a; b; and c'. */
function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  const [comma, and] = items.some((item) => item.includes(',')) ? ['; ', '; and '] : [', ', ' and ']
  return `${items.slice(0, -1).join(comma)}${and}${items.at(-1)}`
}

export const someOf = (items: readonly string[], most: number) =>
  list(items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items)
