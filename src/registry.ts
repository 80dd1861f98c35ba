// Every rule by name: one row per optimizer.
import { adabelief } from './optimizers/adabelief'
import { adadelta } from './optimizers/adadelta'
import { adafactor } from './optimizers/adafactor'
import { adagrad } from './optimizers/adagrad'
import { adam } from './optimizers/adam'
import { adamax } from './optimizers/adamax'
import { adamw } from './optimizers/adamw'
import { adan } from './optimizers/adan'
import { ademamix } from './optimizers/ademamix'
import { adopt } from './optimizers/adopt'
import { asgd } from './optimizers/asgd'
import { lamb } from './optimizers/lamb'
import { lars } from './optimizers/lars'
import { lbfgs } from './optimizers/lbfgs'
import { lion } from './optimizers/lion'
import { madgrad } from './optimizers/madgrad'
import { muon } from './optimizers/muon'
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
import { signsgd } from './optimizers/signsgd'
import { sm3 } from './optimizers/sm3'
import { sparseAdam } from './optimizers/sparseadam'
import { yogi } from './optimizers/yogi'
import type { CommonOptions, Rule } from './rule'

// Each rule knows its own options; here they are only checked and handed through.
const rows = [
  adabelief,
  adadelta,
  adafactor,
  adagrad,
  adam,
  adamax,
  adamw,
  adan,
  ademamix,
  adopt,
  asgd,
  lamb,
  lars,
  lbfgs,
  lion,
  madgrad,
  muon,
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
  signsgd,
  sm3,
  sparseAdam,
  yogi,
] as unknown as readonly Rule<CommonOptions>[]

/** Rules by their class's name in lower case. */
export const rules: ReadonlyMap<string, Rule<CommonOptions>> = new Map(
  rows.map((rule) => [rule.name.toLowerCase(), rule]),
)
