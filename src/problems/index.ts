// All the problems, and what they are.
import type { ProblemEntry } from './entry'
import { landscapes } from './landscapes/index'
import { tables } from './tables'

export type { BenchProblem, ProblemEntry, View } from './entry'
export { landscapes }

/** All of them: real data first. */
export const problems: readonly ProblemEntry[] = [...tables, ...landscapes]
