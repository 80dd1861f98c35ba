// `cauchy lr-find`: which learning rates barely move, work and diverge, in words, numbers and a picture.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { CAC } from 'cac'
import { backendInfo, lrRangeTest } from 'cauchy'
import { type BackendName, contenderOf } from '../bench/contenders'
import { explained } from '../bench/files'
import { batchSizeOf, hasMatrices, openProblem, type Reference } from '../bench/open'
import { withShapes } from '../bench/run'
import { checkNumber, valueError } from '../check'
import type { RangeTest } from '../report'
import { checking, Misuse } from './misuse'
import { count, items, selectBackend, selectOptimizers, selectProblems } from './selection'
import { rangeText } from './tables'

const WHO = 'cauchy lr-find'

interface Choice {
  readonly reference: Reference
  readonly optimizer: string
  readonly from: number
  readonly to: number
  readonly steps: number
  readonly batchSize: number | undefined
  readonly seed: number
  readonly backend: BackendName
}

function choiceOf(given: Record<string, unknown>): Choice {
  const reference = one('problem', selectProblems(items(given.problem) ?? ['digits-mlp'], WHO))
  const optimizer = one('optimizer', selectOptimizers(items(given.optimizer) ?? ['AdamW'], WHO))
  const { min, max } = contenderOf(optimizer).space.lr
  const from = checkNumber(`${WHO}: --from`, given.from ?? min, { min: 0, openMin: true })
  const to = checkNumber(`${WHO}: --to`, given.to ?? max)
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
  }
}

function one<T>(option: string, found: readonly T[]): T {
  if (found.length === 1) return found[0]
  throw new RangeError(`${WHO}: --${option} must name one, got ${found.length}`)
}

async function find(choice: Choice): Promise<RangeTest> {
  const { reference, optimizer, from, to, steps, seed, backend } = choice
  const problem = await openProblem(reference)
  const contender = contenderOf(optimizer)
  if (contender.needsMatrices && !hasMatrices(problem)) {
    throw new Misuse(`${WHO}: ${optimizer} needs a problem with matrices, got ${problem.name}`)
  }
  const batchSize = batchSizeOf(problem, choice.batchSize)
  const result = lrRangeTest(problem, {
    optimizer: (params) => contender.create(withShapes(problem, params), { lr: from }, backend),
    minLr: from,
    maxLr: to,
    steps,
    batchSize: batchSize ?? 1,
    seed,
  })
  const { name, isa } = backendInfo({ backend })
  const run = { problem: problem.name, optimizer, from, to, steps, seed, backend: name, isa }
  return { ...run, batchSize, ...result }
}

async function run(given: Record<string, unknown>): Promise<void> {
  const choice = checking(() => choiceOf(given))
  backendInfo({ backend: choice.backend })
  const found = await find(choice)
  const { rangePicture } = await import('../report')
  const file = String(given.out ?? 'lr-find.svg')
  explained(file, () => writeFileSync(file, rangePicture(found)))
  if (given.json) console.log(JSON.stringify({ ...found, picture: file }, null, 2))
  else console.log(`${rangeText(found)}\n\nPicture: ${relative('', file)}`)
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
    .option('--out <file>', 'Where the picture goes, an SVG (default: lr-find.svg)')
    .option('--json', 'Print everything as one JSON document, and nothing else')
    .example('cauchy lr-find')
    .example('cauchy lr-find --problem char-lm --optimizer Lion --out lion.svg')
    .example('cauchy lr-find --problem ./my-problem.mjs --optimizer SGD --from 1e-4 --to 1 --steps 500')
    .allowUnknownOptions()
    .action(run)
}
