// `cauchy worker`: takes studies of the benches on a Redis.
import { availableParallelism } from 'node:os'
import type { CAC } from 'cac'
import { runWorker } from '../bench/queue-worker'
import { checkAddress } from '../bench/redis'
import { plural } from '../bench/summary/words'
import { checkNumber } from '../check'
import { interruption } from './interruption'
import { checking } from './misuse'
import { duration } from './progress'
import { count, numeric } from './selection'

const WHO = 'cauchy worker'

function optionsOf({ redis, concurrency, idle }: Record<string, unknown>) {
  if (redis === undefined) throw new TypeError(`${WHO}: --redis must be given, as redis://host:6379`)
  return {
    url: checkAddress(WHO, redis).url,
    concurrency: count('--concurrency', concurrency, availableParallelism(), 1, 256, WHO),
    idle: idle === undefined ? null : checkNumber(`${WHO}: --idle`, numeric(idle), { min: 0 }),
  }
}

async function run(given: Record<string, unknown>): Promise<void> {
  const options = checking(() => optionsOf(given))
  const signal = interruption()
  const note = (line: string) => console.error(line)
  await runWorker(
    options,
    {
      note,
      output: (text) => process.stderr.write(text),
      studied(study, records, seconds) {
        if (given.json) console.log(JSON.stringify({ study, records, seconds }))
        else console.log(`${study}: ${plural(records, 'record')} in ${duration(seconds)}`)
      },
    },
    signal,
  )
  if (signal.aborted) process.exitCode = 130
}

export function worker(cli: CAC): void {
  cli
    .command(
      'worker',
      'Take studies of the benches on a Redis, until Ctrl-C; what it was doing, others take over',
    )
    .option('--redis <url>', 'The Redis that cauchy bench --redis uses')
    .option('--concurrency <n>', 'Studies at the same time (default: one a core)')
    .option('--idle <seconds>', 'End after so long without work (default: never)')
    .option('--json', 'Print a line of JSON for each study')
    .example('cauchy worker --redis redis://10.0.0.5:6379')
    .example('cauchy worker --redis redis://10.0.0.5:6379 --concurrency 1 --idle 60 --json')
    .allowUnknownOptions()
    .action(run)
}
