// The tables of the command line on terminals of every width, in colour and without.
import { WriteStream } from 'node:tty'
import { afterEach, expect, test, vi } from 'vitest'
import { summarize } from '../src/bench/summary/index'
import { rangeText, summaryText } from '../src/cli/tables'
import { header, runs } from './report-results'

const found = summarize({ headers: [header()], runs: runs(), checks: [], throughput: [], wholeBytes: 0 })
const summary = () => summaryText(found)

const range = () =>
  rangeText({
    problem: 'line',
    optimizer: 'SGD',
    from: 1e-4,
    to: 1,
    steps: 3,
    seed: 0,
    batchSize: null,
    tooLow: [1e-4, 0.01],
    justRight: [0.01, 1],
    tooHigh: null,
    suggestion: 0.1,
    message: '',
    points: [1e-4, 0.01, 1].map((lr) => ({ step: 1, lr, loss: 2.62e28, smoothed: 123.456 })),
  } as unknown as Parameters<typeof rangeText>[0])

/** What is printed where standard output is such a terminal. */
function onTerminal(columns: number, print: () => string, env: Record<string, string> = {}): string {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'CI', 'COLORTERM', 'TMUX', 'NODE_DISABLE_COLORS']) {
    vi.stubEnv(name, undefined)
  }
  for (const [name, value] of Object.entries({ TERM: 'xterm-256color', ...env })) vi.stubEnv(name, value)
  const { hasColors, getColorDepth } = WriteStream.prototype
  const before = Object.getOwnPropertyDescriptors(process.stdout)
  const terminal = { isTTY: true, columns, hasColors, getColorDepth }
  Object.assign(process.stdout, terminal)
  try {
    return print()
  } finally {
    for (const name of Object.keys(terminal)) {
      const own = (before as Record<string, PropertyDescriptor>)[name]
      if (own) Object.defineProperty(process.stdout, name, own)
      else Reflect.deleteProperty(process.stdout, name)
    }
  }
}

afterEach(() => vi.unstubAllEnvs())

test('no colours with NO_COLOR, FORCE_COLOR=0 or on a dumb terminal', () => {
  const isColoured = (text: string) => text.includes('\x1b[90m')
  for (const print of [summary, range]) {
    expect(isColoured(onTerminal(200, print))).toBe(true)
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '0' }, { TERM: 'dumb' }])
      expect(isColoured(onTerminal(200, print, env)), JSON.stringify(env)).toBe(false)
  }
})
