// Every rule by name: one row per optimizer.
import { adagrad } from './optimizers/adagrad'
import { adam } from './optimizers/adam'
import { adamw } from './optimizers/adamw'
import { lamb } from './optimizers/lamb'
import { lars } from './optimizers/lars'
import { novograd } from './optimizers/novograd'
import { polyakSGD } from './optimizers/polyaksgd'
import { rmsprop } from './optimizers/rmsprop'
import { scheduleFreeAdamW } from './optimizers/schedulefreeadamw'
import { scheduleFreeSGD } from './optimizers/schedulefreesgd'
import { sgd } from './optimizers/sgd'
import type { CommonOptions, Rule } from './rule'

// Each rule knows its own options; here they are only checked and handed through.
const rows = [
  adagrad,
  adam,
  adamw,
  lamb,
  lars,
  novograd,
  polyakSGD,
  rmsprop,
  scheduleFreeAdamW,
  scheduleFreeSGD,
  sgd,
] as unknown as readonly Rule<CommonOptions>[]

/** Rules by their class's name in lower case. */
export const rules: ReadonlyMap<string, Rule<CommonOptions>> = new Map(
  rows.map((rule) => [rule.name.toLowerCase(), rule]),
)
