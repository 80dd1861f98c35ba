// Every rule by name: one row per optimizer.
import { adadelta } from './optimizers/adadelta'
import { adagrad } from './optimizers/adagrad'
import { adam } from './optimizers/adam'
import { adamax } from './optimizers/adamax'
import { adamw } from './optimizers/adamw'
import { asgd } from './optimizers/asgd'
import { lamb } from './optimizers/lamb'
import { lars } from './optimizers/lars'
import { nadam } from './optimizers/nadam'
import { novograd } from './optimizers/novograd'
import { polyakSGD } from './optimizers/polyaksgd'
import { prodigy } from './optimizers/prodigy'
import { radam } from './optimizers/radam'
import { rmsprop } from './optimizers/rmsprop'
import { rprop } from './optimizers/rprop'
import { scheduleFreeAdamW } from './optimizers/schedulefreeadamw'
import { scheduleFreeSGD } from './optimizers/schedulefreesgd'
import { sgd } from './optimizers/sgd'
import type { CommonOptions, Rule } from './rule'

// Each rule knows its own options; here they are only checked and handed through.
const rows = [
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  asgd,
  lamb,
  lars,
  nadam,
  novograd,
  polyakSGD,
  prodigy,
  radam,
  rmsprop,
  rprop,
  scheduleFreeAdamW,
  scheduleFreeSGD,
  sgd,
] as unknown as readonly Rule<CommonOptions>[]

/** Rules by their class's name in lower case. */
export const rules: ReadonlyMap<string, Rule<CommonOptions>> = new Map(
  rows.map((rule) => [rule.name.toLowerCase(), rule]),
)
