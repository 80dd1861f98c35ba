// The tiers of a build. '#tiers' stands for one of the files beside this one.
import type { Backend, Loaded } from '../backends/engine'
import type { BackendName } from '../types'

/** How each tier is loaded; all throw. */
export type Tiers = Readonly<Record<BackendName, () => Backend | Loaded>>

/** A tier that a build does not have. */
export const missing = (why: string) => (): never => {
  throw new Error(why)
}
