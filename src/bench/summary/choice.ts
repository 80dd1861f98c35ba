// Which setting of a search is taken: the rule that picks learning rates.
import type { Target } from '../../problem'
import type { RunRecord } from '../records'
import { compareRuns } from './score'

/** How many settings of a search are tried at more seeds. */
export const LEADERS = 2

/** The best runs of a search, which are to be repeated. */
export function leadersOf(runs: readonly RunRecord[], target: Target | null): RunRecord[] {
  const finished = runs.filter(({ phase, outcome }) => phase === 'tune' && outcome === 'finished')
  return finished.sort((a, b) => compareRuns(a, b, target)).slice(0, LEADERS)
}

/** Of runs of one search, all of which name their options in the same order. */
const settingOf = ({ options }: RunRecord) => JSON.stringify(options)

/** Of a search and its repetitions: the leader whose middle run is the best; undefined when no run finished. */
export function bestOf(runs: readonly RunRecord[], target: Target | null): RunRecord | undefined {
  const tried = runs.filter(({ phase }) => phase !== 'final')
  const better = (a: RunRecord, b: RunRecord) => compareRuns(a, b, target)
  const middle = (leader: RunRecord) => {
    const same = tried.filter((run) => settingOf(run) === settingOf(leader))
    return same.sort(better)[Math.floor(same.length / 2)]
  }
  return leadersOf(runs, target).map(middle).sort(better)[0]
}
