// What a benchmark's records say, in numbers and in words: the terminal and the report both start from here.
import type { Results } from '../records'
import { type Profiles, performanceProfiles } from './profiles'
import { type Progress, progressOf } from './progress'
import { learningRateSensitivity, type Sensitivity } from './sensitivity'
import { type StudySummary, summarizeStudies } from './studies'
import { inWords, type Words } from './words'

export type { Band } from './curves'
export { contenderName, type Profile, type Profiles } from './profiles'
export type { Progress } from './progress'
export { compareRuns, finalValue, valueName } from './score'
export type { Sensitivity, SensitivityPoint } from './sensitivity'
export { type Quartiles, quantile, quartiles } from './statistics'
export type { Counts, StudySummary } from './studies'
export type { Words } from './words'

export interface Summary {
  /** One for each problem, optimizer and schedule. */
  studies: StudySummary[]
  profiles: Profiles
  progress: Progress
  sensitivity: Sensitivity[]
  words: Words
}

export function summarize(results: Results): Summary {
  const studies = summarizeStudies(results)
  const progress = progressOf(results)
  const profiles = performanceProfiles(studies, progress)
  const sensitivity = learningRateSensitivity(results, studies)
  const words = inWords(results, studies, profiles, progress)
  return { studies, profiles, progress, sensitivity, words }
}
