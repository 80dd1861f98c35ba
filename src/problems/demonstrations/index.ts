// Five demonstrations with an analytic answer. They read no files, and run in browsers.
import type { Demonstration } from './demonstration'
import { demonstration as minimumNorm } from './minimum-norm'
import { demonstration as noiseBall } from './noise-ball'
import { demonstration as saddles } from './saddles'
import { demonstration as shallowMinimum } from './shallow-minimum'
import { demonstration as weightDecay } from './weight-decay'

export type { Demonstration, Finding } from './demonstration'
export const demonstrations: readonly Demonstration[] = [
  shallowMinimum,
  weightDecay,
  noiseBall,
  saddles,
  minimumNorm,
]
