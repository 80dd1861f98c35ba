// The tiers of a build. '#tiers' stands for node.ts, portable.ts or edge.ts, whichever the build is for.
import type { Backend } from '../backends/engine'
import type { BackendName } from '../types'

/** How each tier is loaded; native gives one backend per instruction set, best first. All throw. */
export type Tiers = Readonly<Record<BackendName, () => Backend | Backend[]>>

/** A tier that a build does not have. */
export const missing = (why: string) => (): never => {
  throw new Error(why)
}
