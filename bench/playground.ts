// `npm run bench:playground`: frames a second of the playground with five optimizers, and what each frame costs the
// page's main thread (script, style, layout, paint), as JSON; an empty page in the same browser is the ceiling.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'

const { values: flags } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } })
const seconds = Number(flags.seconds)
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel']

/** What the thread with the most animation frames did: its tasks, and when its frames began. */
function mainThread(events: readonly TraceEvent[]) {
  const threads = new Map<string, TraceEvent[]>()
  for (const event of events) {
    const thread = `${event.pid} ${event.tid}`
    const own = threads.get(thread)
    if (own) own.push(event)
    else threads.set(thread, [event])
  }
  const frames = (own: readonly TraceEvent[]) =>
    own.filter(({ name, ph }) => name === 'AnimationFrame' && ph === 'b')
  const [busiest] = [...threads.values()].sort((a, b) => frames(b).length - frames(a).length)
  const starts = frames(busiest).map(({ ts }) => ts)
  const tasks = busiest.filter(({ name, dur }) => name === 'RunTask' && dur !== undefined)
  return {
    starts: starts.sort((a, b) => a - b),
    tasks: tasks.map(({ ts, dur = 0 }) => ({ end: ts + dur, dur })),
  }
}

const round = (value: number) => Number(value.toFixed(2))

/** Of milliseconds. */
function quantiles(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number) => round(sorted[Math.ceil(part * sorted.length) - 1])
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/** Frames from the first to the last that began; a frame's cost is that of all tasks that ended before the next. */
function summarise(events: readonly TraceEvent[]) {
  const { starts, tasks } = mainThread(events)
  const costs = starts.slice(1).map(() => 0)
  const gaps = starts.slice(1).map((start, k) => (start - starts[k]) / 1000)
  for (const { end, dur } of tasks) {
    const frame = starts.findLastIndex((start) => start < end)
    if (frame in costs) costs[frame] += dur / 1000
  }
  return {
    frames: gaps.length,
    framesPerSecond: round((1000 * gaps.length) / gaps.reduce((a, b) => a + b)),
    betweenFramesMs: quantiles(gaps),
    mainThreadMs: quantiles(costs),
    withinBudget: round(costs.filter((cost) => cost < 1000 / 60).length / costs.length),
    tasksOver50Ms: tasks.filter(({ dur }) => dur > 50_000).length,
  }
}

const server = spawn(process.execPath, ['dist/cli.mjs', 'playground', '--no-open', '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
process.on('exit', () => server.kill('SIGINT'))
const [line] = await once(server.stdout, 'data')
const [address] = String(line).split(' ')
// The user root, as in containers, can have no sandbox.
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })

const FIVE = '#steps=1800&speed=300'
const swept = (page: Page) =>
  page.waitForFunction(() => !document.body.textContent?.includes('Trying learning rates'), undefined, {
    timeout: 60_000,
  })

/** What happens on the page before and while it is measured. */
const SCENES: Readonly<Record<string, (page: Page, measured: () => Promise<void>) => Promise<void>>> = {
  'empty page': async (page, measured) => {
    await page.evaluate(() => {
      const frame = () => requestAnimationFrame(frame)
      frame()
    })
    await measured()
  },
  'race of five, their learning rates being swept': async (page, measured) => {
    await page.goto(`${address}${FIVE}`)
    await measured()
  },
  'race of five': async (page, measured) => {
    await page.goto(`${address}${FIVE}`)
    await swept(page)
    await page.getByRole('button', { name: 'Reset' }).click()
    await page.getByRole('button', { name: 'Play' }).click()
    await measured()
  },
  'a learning rate of five sliding, 500 steps': async (page, measured) => {
    await page.goto(address)
    await swept(page)
    await page.evaluate(() => {
      const slider = document.querySelector('.spectrum input') as HTMLInputElement
      let [exponent, by] = [-4, 0.05]
      const frame = () => {
        if (exponent < -5 || exponent > 0) by = -by
        exponent += by
        slider.value = String(exponent)
        slider.dispatchEvent(new InputEvent('input', { bubbles: true }))
        requestAnimationFrame(frame)
      }
      frame()
    })
    await measured()
  },
}

const rows: object[] = []
for (const [scene, play] of Object.entries(SCENES)) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await play(page, async () => {
    await browser.startTracing(page, { categories: CATEGORIES })
    await page.waitForTimeout(1000 * seconds)
    const { traceEvents } = JSON.parse(String(await browser.stopTracing()))
    rows.push({ scene, ...summarise(traceEvents) })
  })
  await page.close()
}

const environment = {
  date: new Date().toISOString().slice(0, 10),
  cpu: `${cpus().length} × ${cpus()[0].model}`,
  browser: `Chromium ${browser.version()}, headless`,
  command: 'npm run bench:playground',
}
console.log(JSON.stringify({ ...environment, rows }, null, 2))
await browser.close()
process.exit()
