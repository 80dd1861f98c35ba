// `cauchy bench`: compares optimizers on problems, and leaves records and a report.
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import type { CAC } from 'cac'
import { ConflictError } from '../bench/agreement'
import { type BenchOptions, runBench, type Watcher } from '../bench/bench'
import { budgets } from '../bench/budgets'
import { openResults } from '../bench/files'
import { type BackendCheck, type Config, RESULTS, type RunRecord, readResults } from '../bench/records'
import { checkAddress } from '../bench/redis'
import { summarize } from '../bench/summary/index'
import { brief, plural } from '../bench/summary/words'
import { checkNumber, checkOneOf } from '../check'
import { interruption } from './interruption'
import { checking, Misuse } from './misuse'
import { createProgress, duration, type Progress } from './progress'
import { quoted } from './quoted'
import { documentOf } from './report'
import {
  count,
  items,
  numeric,
  openBackend,
  selectBackend,
  selectBudget,
  selectOptimizers,
  selectProblems,
  selectSchedules,
  selectShard,
} from './selection'
import { summaryText } from './tables'

type Given = Record<string, unknown>

/** cauchy-bench, or the first of cauchy-bench-2, … that holds no results; to resume, the last that does. */
function defaultDirectory(resume: boolean): string {
  const name = (i: number) => (i === 1 ? 'cauchy-bench' : `cauchy-bench-${i}`)
  let i = 1
  while (existsSync(join(name(i), RESULTS))) i++
  return name(resume && i > 1 ? i - 1 : i)
}

/** With any of these, --resume also begins: a script may always say it. */
const SELECTION = 'problem optimizer schedule backend budget seeds trials search timeLimit shard'.split(' ')

/** Seconds after which a silent worker counts as lost. */
const LOST_AFTER = 30

function redisOf({ redis, serial, jobs, lostAfter }: Given): BenchOptions['redis'] {
  if (redis === undefined) {
    if (lostAfter !== undefined) throw new TypeError('cauchy bench: --lost-after goes with --redis')
    return null
  }
  if (serial || jobs !== undefined) {
    throw new TypeError(
      'cauchy bench: --redis takes no --jobs and no --serial: cauchy worker has --concurrency',
    )
  }
  return {
    url: checkAddress('cauchy bench', redis).url,
    lostAfter: checkNumber('cauchy bench: --lost-after', numeric(lostAfter ?? LOST_AFTER), { min: 1 }),
  }
}

/** What was typed, without the password of a Redis. */
function typed(): string[] {
  const hidden = (part: string) => part.replace(/(rediss?:\/\/[^:@/]*):[^@/]*@/, '$1:***@')
  return ['cauchy', ...process.argv.slice(2).map(hidden)]
}

/** @param before what the directory was begun with, when it is resumed: whatever is not said again */
function optionsOf(given: Given, out: string, before: Config | undefined): BenchOptions {
  const name = selectBudget(given.budget ?? before?.budget ?? 'quick')
  const budget = budgets[name]
  const usual = before
    ? { ...before, problems: before.problems.map((problem) => problem.file ?? problem.name) }
    : budget
  const search = checkOneOf('cauchy bench: --search', given.search ?? usual.search, ['grid', 'random'])
  const references = selectProblems(items(given.problem) ?? usual.problems)
  const timeLimit = numeric(given.timeLimit ?? usual.timeLimit)
  if (given.serial && given.jobs !== undefined) throw new TypeError('cauchy bench: --serial takes no --jobs')
  return {
    references,
    config: {
      budget: name,
      optimizers: selectOptimizers(items(given.optimizer) ?? usual.optimizers),
      schedules: selectSchedules(items(given.schedule) ?? usual.schedules),
      backend: selectBackend(given.backend ?? before?.backend),
      search,
      trials: count('--trials', given.trials, usual.trials),
      seeds: count('--seeds', given.seeds, usual.seeds),
      timeLimit: checkNumber('cauchy bench: --time-limit', timeLimit, { min: 0, openMin: true }),
      shard: selectShard(given.shard ?? before?.shard ?? undefined),
    },
    length: budget.length,
    out,
    resume: given.resume === true,
    workers: given.serial ? 1 : count('--jobs', given.jobs, availableParallelism(), 1, 256),
    redis: redisOf(given),
    command: typed(),
  }
}

/** Lines that problems may print before the rest is left out. */
const OUTPUT_LINES = 20

function watch(progress: Progress): Watcher {
  let lines = 0
  const begun = new Set<string>()
  return {
    output(text) {
      for (const line of text.trimEnd().split('\n')) {
        lines++
        if (lines <= OUTPUT_LINES) progress.note(line)
        else if (lines === OUTPUT_LINES + 1) progress.note('(what else the problems print is not shown)')
      }
    },
    note: progress.note,
    planned: progress.start,
    record(record, weight) {
      progress.advance(record.study, weight, record.kind === 'run' ? record.seconds.total : 0)
      begun.add(record.study)
      if (record.kind === 'run' && (record.outcome === 'failed' || record.outcome === 'timeout')) {
        progress.note(`${record.study}, lr ${record.options.lr}: ${record.outcome}: ${record.reason}`)
      }
      if (record.kind === 'check' && !record.repeatable) progress.note(unrepeatable(record))
      else if (record.kind === 'check' && !record.same) progress.note(disagreement(record))
    },
    studied({ name }, weight, last) {
      progress.advance(name, weight, 0)
      progress.finished(`${name}: ${begun.has(name) ? studyText(last) : 'done before'}`)
    },
  }
}

const unrepeatable = ({ study }: BackendCheck) =>
  `${study}: the same run twice on one backend found different numbers: the problem is not deterministic`

function disagreement({ study, hashes }: BackendCheck): string {
  const found = Object.entries(hashes).map(([backend, hash]) => `${backend} ${hash}`)
  return `${study}: the backends give different bits: ${found.join(', ')}`
}

function studyText(run: RunRecord | undefined): string {
  if (run === undefined) return 'no setting worked'
  const target = run.stepsToTarget === null ? '' : `, target after ${plural(run.stepsToTarget, 'step')}`
  return `lr ${run.options.lr}, loss ${run.finalLoss === null ? '–' : brief(run.finalLoss)}${target}`
}

async function run(given: Given): Promise<void> {
  const began = performance.now()
  const resume = given.resume === true
  const out = given.out === undefined ? defaultDirectory(resume) : String(given.out)
  const before = resume ? openResults(out)?.headers[0]?.config : undefined
  if (resume && before === undefined && !SELECTION.some((option) => given[option] !== undefined)) {
    throw new Misuse(`cauchy bench: there is nothing to resume in ${out}`)
  }
  const options = checking(() => optionsOf(given, out, before))
  openBackend(options.config.backend)
  const progress = createProgress()
  try {
    const end = await runBench(options, watch(progress), interruption())
    progress.stop()
    if (end === 'interrupted') {
      console.error(`Interrupted. To go on: ${resumeCommand(options)}`)
      process.exitCode = 130
      return
    }
    await finish(options.out, given.json === true, began)
  } catch (error) {
    throw error instanceof ConflictError ? new Misuse(error.message) : error
  } finally {
    progress.stop()
  }
}

function resumeCommand({ command, out }: BenchOptions): string {
  const rest = command.filter((part) => part !== '--resume' && part !== '--')
  const place = rest.some((part) => part === '--out' || part.startsWith('--out=')) ? [] : ['--out', out]
  const resume = existsSync(join(out, RESULTS)) ? ['--resume'] : []
  // npm's scripts and npx have a path that the shell of their user has not.
  const npx = process.env.npm_command === undefined ? [] : ['npx']
  return [...npx, ...[...rest, ...place, ...resume].map(quoted)].join(' ')
}

async function finish(out: string, json: boolean, began: number): Promise<void> {
  const results = readResults(out)
  const summary = summarize(results)
  const { writeReport } = await import('../report')
  const report = await writeReport(out)
  if (json) console.log(documentOf(out, report, results, summary))
  else {
    const seconds = (performance.now() - began) / 1000
    console.log(summaryText(summary))
    console.log(`\nReport: ${relative('', report)} (${duration(seconds)})`)
  }
  const finished = results.runs.some(({ outcome }) => outcome === 'finished')
  if (!finished && results.runs.length > 0) throw new Error('cauchy bench: no run finished')
  if (results.checks.some(({ repeatable }) => !repeatable)) {
    throw new Error(
      'cauchy bench: problems must be deterministic (Math.random? the time?), got one that is not',
    )
  }
  if (results.checks.some(({ same }) => !same)) throw new Error('cauchy bench: the backends disagree')
}

export function bench(cli: CAC): void {
  const summaries = Object.entries(budgets).map(([name, { summary }]) => `${name}: ${summary}`)
  cli
    .command('bench', 'Compare optimizers on problems: tune at equal budgets, train the best over seeds')
    .option('--problem <names>', "Problems by name or kind (cauchy list), 'all', or a file ./my-problem.mjs")
    .option('--optimizer <names>', "Optimizers by name, or 'all'")
    .option('--schedule <names>', "Schedules by name, or 'all'")
    .option('--backend <name>', 'auto, native, wasm or js (default: auto)')
    .option('--budget <name>', `${summaries.join('; ')} (default: quick)`)
    .option('--seeds <n>', 'Seeds that the best setting is trained with')
    .option('--trials <n>', 'Settings tried by every study')
    .option('--search <kind>', 'grid (of learning rates) or random (quasi-random, of the whole space)')
    .option('--time-limit <seconds>', 'What one run may take')
    .option(
      '--out <dir>',
      'Where records and report go (default: cauchy-bench, or cauchy-bench-2, … where that holds results)',
    )
    .option(
      '--resume',
      'Go on with --out (default: the last cauchy-bench) where it was left; other options need not be repeated',
    )
    .option('--shard <i/n>', 'Only every n-th study, from the i-th; join them with cauchy merge')
    .option('--jobs <n>', 'Studies at the same time (default: one a core)')
    .option('--serial', 'One run at a time, so that seconds may be quoted')
    .option(
      '--redis <url>',
      'Leave the studies to cauchy worker, on any number of machines, by way of this Redis',
    )
    .option(
      '--lost-after <seconds>',
      'With --redis: when another takes the study of a silent worker (default: 30)',
    )
    .option('--json', 'Print the summary as one JSON document, and nothing else')
    .example('cauchy bench')
    .example('cauchy bench --problem digits-mlp --optimizer AdamW,Lion --seeds 5')
    .example('cauchy bench --problem ./my-problem.mjs --serial --out mine')
    .example('cauchy bench --budget standard --out standard')
    .example('cauchy bench --out standard --resume')
    .example('cauchy bench --budget full --shard $SLURM_ARRAY_TASK_ID/16 --out part-$SLURM_ARRAY_TASK_ID')
    .example('cauchy bench --budget full --redis redis://10.0.0.5:6379 --out full')
    .allowUnknownOptions()
    .action(run)
}
