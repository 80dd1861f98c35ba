// The benchmark's main job: which optimizer, at which learning rate, on real data; and the same bits on every backend.
import { backendInfo, type Problem } from 'cauchy'
import { findBackends, runOnBackends } from './compare/backends'
import { contenders } from './compare/contenders'
import { createProgress, type Progress } from './compare/progress'
import { type ModelResult, summarizeOptimizer, summarizeSetting } from './compare/results'
import { EPOCHS, type RunResult, SEEDS, trainOnce } from './compare/sweep'
import { backendTable, modelTable, percent } from './compare/tables'
import { loadDigits } from './problems/digits'
import { createNetwork } from './problems/network'
import { describeMachine } from './web/machine'
import { writeReport } from './web/page'
import { summarize } from './web/summary'

const started = performance.now()
const digits = loadDigits(0)
const problems = [
  createNetwork('softmax regression', [], digits),
  createNetwork('two-layer network', [32], digits),
]
const backend = backendInfo()
console.log(
  `Eight optimizers on ${digits.count} handwritten digits; ${backend.name} backend (${backend.isa}).`,
)

async function compareOn(problem: Problem, progress: Progress): Promise<ModelResult> {
  const optimizers = []
  for (const contender of contenders) {
    const settings = []
    for (const lr of contender.rates) {
      const runs: RunResult[] = []
      for (const seed of SEEDS) {
        progress.label(`${problem.name}, ${contender.name}`)
        let epochs = 0
        const onEpoch = () => {
          epochs++
          progress.advance(1)
        }
        runs.push(await trainOnce(problem, contender, lr, seed, onEpoch))
        progress.advance(EPOCHS - epochs)
      }
      settings.push(summarizeSetting(lr, runs))
    }
    const result = summarizeOptimizer(contender, settings)
    const { best } = result
    progress.note(
      `${problem.name}, ${contender.name}: ${best ? `${percent(best.accuracy)} at ${best.lr}` : 'always diverged'}`,
    )
    optimizers.push(result)
  }
  const parameters = Object.values(problem.params(0)).reduce((sum, { length }) => sum + length, 0)
  return { name: problem.name, parameters, optimizers }
}

const rates = contenders.reduce((sum, contender) => sum + contender.rates.length, 0)
const progress = createProgress(problems.length * rates * SEEDS.length * EPOCHS)
const models: ModelResult[] = []
for (const problem of problems) models.push(await compareOn(problem, progress))
progress.stop()

for (const model of models) {
  console.log(`\n${model.name}, ${model.parameters} parameters`)
  console.log(modelTable(model))
}

console.log(
  `Accuracy: of ${digits.count - digits.train} validation digits, mean of ${SEEDS.length} seeds. ` +
    `Low/work/high and diverged: how many of the ${contenders[0].rates.length} rates.`,
)

const { available, missing } = findBackends()
const last = problems[problems.length - 1]
const rows = []
for (const [i, contender] of contenders.entries()) {
  const lr = models[models.length - 1].optimizers[i].best?.lr ?? contender.rates[0]
  const names = available.map(({ name }) => name)
  rows.push(await runOnBackends(last, contender, lr, names))
}
const backends = { available, missing, rows }
const same = rows.every((row) => row.same)
console.log(`\nThe same run of each optimizer on every backend (${last.name})`)
console.log(backendTable(backends))
for (const line of missing) console.log(line)

const report = { machine: describeMachine(), backend, models, backends, digits }
const summary = summarize(report)
console.log()
for (const sentence of summary) console.log(sentence)
const path = writeReport(report, summary)
console.log(`\nReport: ${path} (${((performance.now() - started) / 1000).toFixed(0)} s in all)`)
if (!same) process.exitCode = 1
