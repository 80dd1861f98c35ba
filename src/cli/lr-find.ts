// `cauchy lr-find`: which learning rates barely move, work and diverge, in words, numbers and a picture.
import { writeFileSync } from 'node:fs'
import { dirname, extname, relative } from 'node:path'
import type { CAC } from 'cac'
import { type BackendName, contenderOf } from '../bench/contenders'
import { explained, makeDirectory } from '../bench/files'
import type { Reference } from '../bench/open'
import { createPool } from '../bench/pool'
import { checkNumber, show, valueError } from '../check'
import type { RangeTest } from '../report'
import { checking, Misuse } from './misuse'
import {
  count,
  items,
  numeric,
  openBackend,
  selectBackend,
  selectOptimizers,
  selectProblems,
} from './selection'
import { rangeText } from './tables'

const WHO = 'cauchy lr-find'
/** Seconds. */
const TIME_LIMIT = 30

interface Choice {
  readonly reference: Reference
  readonly optimizer: string
  readonly from: number
  readonly to: number
  readonly steps: number
  readonly batchSize: number | undefined
  readonly seed: number
  readonly backend: BackendName
  readonly timeLimit: number
  readonly out: string
}

function choiceOf(given: Record<string, unknown>): Choice {
  const reference = one('problem', selectProblems(items(given.problem) ?? ['digits-mlp'], WHO))
  const optimizer = one('optimizer', selectOptimizers(items(given.optimizer) ?? ['AdamW'], WHO))
  const { min, max } = contenderOf(optimizer).space.lr
  const from = checkNumber(`${WHO}: --from`, numeric(given.from ?? min), { min: 0, openMin: true })
  const to = checkNumber(`${WHO}: --to`, numeric(given.to ?? max))
  const timeLimit = numeric(given.timeLimit ?? TIME_LIMIT)
  if (to <= from) throw valueError(`${WHO}: --to`, `above --from (${from})`, to)
  return {
    reference,
    optimizer,
    from,
    to,
    steps: count('--steps', given.steps, 200, 2, undefined, WHO),
    batchSize:
      given.batchSize === undefined
        ? undefined
        : count('--batch-size', given.batchSize, 1, 1, undefined, WHO),
    seed: count('--seed', given.seed, 0, 0, undefined, WHO),
    backend: selectBackend(given.backend, WHO),
    timeLimit: checkNumber(`${WHO}: --time-limit`, timeLimit, { min: 0, openMin: true }),
    out: pictureOf(given.out),
  }
}

function one<T extends string | Reference>(option: string, found: readonly T[]): T {
  if (found.length === 1) return found[0]
  const names = found.map((each) => (typeof each === 'string' ? each : each.name))
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  throw new RangeError(`${WHO}: --${option} must name one ${option}, got ${shown.join(', ')}`)
}

function pictureOf(given: unknown): string {
  const file = String(given ?? 'lr-find.svg')
  if (['.svg', ''].includes(extname(file).toLowerCase())) return file
  throw new RangeError(`${WHO}: --out must be a file ending in .svg, got ${show(file)}`)
}

async function find(choice: Choice): Promise<RangeTest> {
  const { reference, optimizer, from, to, steps, seed, backend, timeLimit } = choice
  const pool = createPool((text) => process.stderr.write(text))
  try {
    const problem = await pool.describe(reference, 1, timeLimit)
    if (contenderOf(optimizer).needsMatrices && !problem.matrices) {
      throw new Misuse(`${WHO}: ${optimizer} needs a problem with matrices, got ${problem.name}`)
    }
    if (choice.batchSize !== undefined && problem.batchSize === null) {
      throw new Misuse(`${WHO}: --batch-size needs a problem with data, got ${problem.name}`)
    }
    const task = { reference, optimizer, from, to, steps, batchSize: choice.batchSize, seed, backend }
    const { result, ...ran } = await pool.range(task, timeLimit)
    if (result.tooLow === null) throw new Error(`${WHO}: ${problem.name}: ${result.message}`)
    return { problem: problem.name, optimizer, from, to, steps, seed, ...ran, ...result }
  } finally {
    await pool.close()
  }
}

async function run(given: Record<string, unknown>): Promise<void> {
  const choice = checking(() => choiceOf(given))
  openBackend(choice.backend, WHO)
  const found = await find(choice)
  const { rangePicture } = await import('../report')
  const { out } = choice
  explained(out, () => {
    makeDirectory(dirname(out))
    writeFileSync(out, rangePicture(found))
  })
  if (given.json) console.log(JSON.stringify({ ...found, picture: out }, null, 2))
  else console.log(`${rangeText(found)}\n\nPicture: ${relative('', out)}`)
}

export function lrFind(cli: CAC): void {
  cli
    .command(
      'lr-find',
      'Raise the learning rate from step to step: where it barely moves, works and diverges',
    )
    .option(
      '--problem <name>',
      'A problem by name (cauchy list), or a file ./my-problem.mjs (default: digits-mlp)',
    )
    .option('--optimizer <name>', 'An optimizer by name (default: AdamW)')
    .option('--from <lr>', 'The first rate (default: the lowest that cauchy bench searches)')
    .option('--to <lr>', 'The last rate (default: the highest that cauchy bench searches)')
    .option('--steps <n>', 'Steps from the first to the last (default: 200)')
    .option('--batch-size <n>', "Examples in a batch (default: the problem's own, or 32)")
    .option('--seed <n>', 'Decides the initial parameters and the order of the examples (default: 0)')
    .option('--backend <name>', 'auto, native, wasm or js (default: auto)')
    .option('--time-limit <seconds>', `What one step may take (default: ${TIME_LIMIT})`)
    .option('--out <file>', 'Where the picture goes, an SVG (default: lr-find.svg)')
    .option('--json', 'Print everything as one JSON document, and nothing else')
    .example('cauchy lr-find')
    .example('cauchy lr-find --problem char-lm --optimizer Lion --out lion.svg')
    .example('cauchy lr-find --problem ./my-problem.mjs --optimizer SGD --from 1e-4 --to 1 --steps 500')
    .allowUnknownOptions()
    .action(run)
}
