// `npm run bench:step`: ns per parameter of a step, for every rule, backend, instruction set, number of threads, type
// and size, next to what the memory allows; small tensors, caller's arrays, dead gradients, clipping, cold start.
import { coldStart } from './step/cold-start'
import { finish, note, readFlags, tryRoofline } from './step/command'
import { deadGradients } from './step/dead-gradients'
import { FILTER_KEYS, plan, plansColdStart } from './step/plan'
import { measureAll } from './step/rows'
import { nameOf } from './step/subject'
import { findTargets } from './step/targets'

const flags = readFlags('bench:step', FILTER_KEYS)
const effort = flags.quick ? { rounds: 3, seconds: 0.01 } : { rounds: 7, seconds: 0.1 }
const { targets, missing } = findTargets()
const specs = plan(targets, flags.filter, flags.quick)
const cold = plansColdStart(flags.filter)
if (specs.length === 0 && !cold) {
  note('bench:step: no row of this machine matches the filter')
  process.exit(2)
}

const alive = specs.filter(({ mode }) => mode !== 'dead')
const roofline = alive.length > 0 ? tryRoofline(missing) : null
const rows = await measureAll(alive, roofline, effort, note)
for (const spec of specs.filter(({ mode }) => mode === 'dead')) {
  note(nameOf(spec))
  rows.push(...deadGradients(spec, effort))
}
if (cold) note('cold start')
const starts = cold ? await coldStart(targets, flags.quick ? 5 : 21) : []
finish('bench:step', flags, rows, starts, missing)
