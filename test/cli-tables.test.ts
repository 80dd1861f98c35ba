// The tables of the command line on terminals of every width, in colour and without.
import { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
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

const widest = (text: string) =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .filter((line) => /^[┌│├└]/.test(line))
      .map(({ length }) => length),
  )
/** Whatever is neither a line of a box nor white, in any order. */
const inked = (text: string) => [...stripVTControlCharacters(text).replace(/[\s─-╿]/g, '')].sort().join('')
const boxes = (text: string) => text.split('┌').length - 1

test.each([
  ['bench', summary],
  ['lr-find', range],
])('the table of %s is as wide as the terminal at most, and says the same', (_, print) => {
  const full = onTerminal(1000, print)
  const width = widest(full)
  expect(onTerminal(0, print)).toBe(full)
  expect(onTerminal(width, print)).toBe(full)
  let narrower = 0
  for (let columns = width - 1; columns >= 30; columns -= 5) {
    const text = onTerminal(columns, print)
    expect(widest(text)).toBeLessThanOrEqual(columns)
    if (boxes(text) < boxes(full)) continue
    expect(inked(text)).toBe(inked(full))
    narrower++
  }
  expect(narrower).toBeGreaterThan(0)
  const list = onTerminal(30, print)
  expect(list).not.toMatch(/[─-╿]/)
  expect(list).toMatch(/^(optimizer|learning rate) \S+\n \S/m)
})

test('no colours with NO_COLOR, FORCE_COLOR=0 or on a dumb terminal', () => {
  const isColoured = (text: string) => text.includes('\x1b[90m')
  for (const print of [summary, range]) {
    expect(isColoured(onTerminal(200, print))).toBe(true)
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '0' }, { TERM: 'dumb' }])
      expect(isColoured(onTerminal(200, print, env)), JSON.stringify(env)).toBe(false)
  }
})
