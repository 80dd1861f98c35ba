// All the problems, and what they are.
import { deepNetworks } from './deep'
import { demonstrations } from './demonstrations/index'
import type { ProblemEntry } from './entry'
import { factorization } from './factorization'
import { landscapes } from './landscapes/index'
import { language } from './language'
import { sparse } from './sparse'
import { tables } from './tables'

export type { Demonstration, Finding } from './demonstrations/index'
export type { BenchProblem, ProblemEntry, View } from './entry'
export { demonstrations, landscapes }

/** All of them: real data first. */
export const problems: readonly ProblemEntry[] = [
  ...tables,
  language,
  factorization,
  sparse,
  ...deepNetworks,
  ...landscapes,
  ...demonstrations,
]
