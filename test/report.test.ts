// The report of a benchmark: everything that was recorded is there, correctly, in one file that asks no network.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { afterAll, describe, expect, test } from 'vitest'
import type { BenchRecord, RunRecord } from '../src/bench/records'
import { check, config, header, lines, makeRun, PROBLEMS, runs, throughput } from './report-results'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const cli = new URL('../dist/cli.mjs', import.meta.url).pathname

function report(records: readonly BenchRecord[]) {
  const folder = mkdtempSync(join(tmpdir(), 'cauchy-report-'))
  folders.push(folder)
  writeFileSync(join(folder, 'results.jsonl'), lines(records))
  const path = execFileSync(process.execPath, [cli, 'report', folder], { encoding: 'utf8' }).trim()
  expect(path).toBe(join(folder, 'report/index.html'))
  const html = readFileSync(path, 'utf8')
  const names = readdirSync(join(folder, 'report')).filter((name) => name.endsWith('.svg'))
  const pictures = names.map((name) => ({ name, svg: readFileSync(join(folder, 'report', name), 'utf8') }))
  return { folder, html, pictures, document: parseHTML(html).document }
}

type Page = ReturnType<typeof report>

/** The table of a name, as objects from heads to texts. */
function rowsOf({ document }: Page, name: string): Record<string, string>[] {
  const table = [...document.querySelectorAll('table')].find(
    (each) => each.getAttribute('aria-label') === name,
  )
  if (table === undefined) throw new Error(`no table ${name}`)
  const texts = (row: Element) =>
    [...row.querySelectorAll('th, td')].map((cell) => (cell.textContent ?? '').trim())
  const [head, ...rows] = [...table.querySelectorAll('tr')].map(texts)
  return rows.map((row) => Object.fromEntries(head.map((title, i) => [title, row[i]])))
}

/** Python's `xmllint --noout`, near enough: every element is closed in order, every attribute quoted. */
function expectWellFormed(svg: string): void {
  const open: string[] = []
  const rest = svg.replace(
    /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, close, name, __, empty) => {
      if (close) expect(open.pop()).toBe(name)
      else if (!empty) open.push(name)
      return ''
    },
  )
  expect(open).toEqual([])
  expect(rest).not.toMatch(/<|&(?!(amp|lt|gt|quot|#39|#\d+|#x[\da-f]+);)/)
}

/** Type 7 of Hyndman and Fan, written down anew. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

const three = (value: number) => Number(value.toPrecision(3))
const all = runs()
const failed: RunRecord = {
  ...makeRun(PROBLEMS[0], { optimizer: 'sgd', options: { lr: 3 }, schedule: 'constant' }, 'tune', 0),
  outcome: 'failed',
  reason: 'lossAndGrad threw: x is not a function',
  finalLoss: null,
}
const page = report([header(), ...all, failed, check(all[0]), ...throughput()])

describe('a whole report', () => {
  test('every record is in it', () => {
    const shown = new Map(
      rowsOf(page, 'All runs').map((row) => [`${row.study} ${row.phase} ${row.run}`, row]),
    )
    expect(shown.size).toBe(all.length + 1)
    for (const run of [...all, failed]) {
      const row = shown.get(`${run.study} ${run.phase} ${run.id}`)
      expect(row).toMatchObject({ outcome: run.outcome, hash: run.hash ?? '–', seed: String(run.seed) })
      if (run.finalLoss !== null) expect(Number(row?.['final loss'])).toBe(three(run.finalLoss))
    }
    const broken = rowsOf(page, 'Runs that did not finish')
    expect(broken).toHaveLength([...all, failed].filter(({ outcome }) => outcome !== 'finished').length)
    expect(broken.map(({ reason }) => reason)).toContain(failed.reason)
    expect(rowsOf(page, 'Throughput')).toHaveLength(throughput().length)
    expect(rowsOf(page, 'Checks of the backends')).toHaveLength(1)
    expect(page.html).toContain('AMD EPYC 9R14')
    expect(page.html).toContain('cauchy bench --budget quick')
  })

  test("the tables' numbers are those of the records", () => {
    for (const { name, target } of PROBLEMS) {
      for (const row of rowsOf(page, name)) {
        const own = all.filter((run) => run.problem === name && run.optimizer === row.optimizer)
        const final = own.filter(({ phase }) => phase === 'final')
        const loss = median(final.map((run) => run.finalLoss ?? Number.NaN))
        const column = Object.keys(row).find((head) => /^final (training )?loss/.test(head)) as string
        expect(Number(row[column].split(' ')[0])).toBe(three(loss))
        const tried = own.filter(({ phase }) => phase === 'tune')
        const diverged = tried.filter(({ outcome }) => outcome === 'diverged').length
        expect(row['diverged in the search']).toMatch(new RegExp(`^${diverged} of `))
        const share = median(final.map(({ seconds, steps }) => (1e6 * seconds.optimizer) / steps))
        expect(Number(row['optimizer, µs a step'])).toBe(three(share))
        if (target === null) continue
        const reached = final.filter(({ stepsToTarget }) => stepsToTarget !== null)
        expect(row.reached).toBe(`${reached.length} of ${final.length}`)
        if (reached.length === final.length) {
          const steps = median(reached.map(({ stepsToTarget }) => stepsToTarget as number))
          expect(Number(row['steps to target'].split(' ')[0])).toBe(three(steps))
        }
      }
    }
  })

  test('nothing is asked of a network, and nothing but the page and its pictures of the disk', () => {
    const { html, document, pictures } = page
    const withoutScripts = html
      .replace(/<script[\s\S]*?<\/script>/g, '')
      .replace(/<style[\s\S]*?<\/style>/g, '')
    expect(withoutScripts).not.toMatch(/https?:|\/\/\w|@import|url\(/)
    expect(document.querySelectorAll('[src], link, iframe, img, object')).toHaveLength(0)
    const links = [...document.querySelectorAll('[href]')].map((link) => link.getAttribute('href'))
    const files = new Set(links.filter((link) => !link?.startsWith('#')))
    expect([...files].sort()).toEqual([...pictures.map(({ name }) => name), 'runs.csv'].sort())
    for (const link of links.filter((link) => link?.startsWith('#'))) {
      expect(document.getElementById(link?.slice(1) ?? '')).not.toBeNull()
    }
    const style = html.match(/<style>([\s\S]*?)<\/style>/)?.[1] ?? ''
    expect(style).not.toMatch(/@import|url\(/)
    const script = [...document.querySelectorAll('script')].at(-1)?.textContent ?? ''
    expect(script).not.toMatch(/\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(/)
    const addresses = new Set([...script.matchAll(/https?:\/\/[\w./-]+/g)].map(([address]) => address))
    for (const address of addresses) expect(address).toMatch(/^http:\/\/www\.w3\.org\//)
  })

  test('every picture has a name, a description and a place in the page, and is well formed', () => {
    expect(page.pictures.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'profiles.svg',
        'sensitivity.svg',
        'time.svg',
        'throughput.svg',
        'rosenbrock-path.svg',
      ]),
    )
    for (const { name, svg } of page.pictures) {
      expectWellFormed(svg)
      expect(svg).toMatch(/^<svg [^>]*role="img"/)
      expect(svg).toMatch(/^<svg [^>]*aria-label="[^"]+"/)
      expect(svg).not.toMatch(/NaN|undefined|Infinity|var\(/)
      // The heading stands there once, whatever the number of small multiples.
      const [, title] = svg.match(/aria-label="([^"]+)"/) as RegExpMatchArray
      expect(svg.split(`>${title}</text>`)).toHaveLength(2)
      expect(page.document.getElementById(`figure-${name.replace('.svg', '')}`)).not.toBeNull()
    }
  })

  test('heads of tables are buttons, and cells carry the numbers they sort by', () => {
    for (const table of page.document.querySelectorAll('table')) {
      for (const head of table.querySelectorAll('thead th'))
        expect(head.querySelector('button')).not.toBeNull()
    }
    for (const cell of page.document.querySelectorAll('[data-value]')) {
      expect(Number.isFinite(Number(cell.getAttribute('data-value')))).toBe(true)
    }
  })
})

test('more runs than a page can hold stand in runs.csv', () => {
  const seeds = Array.from({ length: 1001 }, (_, seed) => seed)
  const setting = { optimizer: 'sgd', options: { lr: 10 ** -2.5 }, schedule: 'constant' }
  const many = report([header(), ...seeds.map((seed) => makeRun(PROBLEMS[0], setting, 'final', seed))])
  expect(() => rowsOf(many, 'All runs')).toThrow()
  const rows = readFileSync(join(many.folder, 'report/runs.csv'), 'utf8').trim().split('\r\n')
  expect(rows).toHaveLength(1 + seeds.length)
  expect(
    rows.some((row) => row.startsWith(`digits-mlp/sgd/constant,final,0,lr ${10 ** -2.5},finished,`)),
  ).toBe(true)
})

describe('less than a whole', () => {
  test('no run yet', () => {
    const { html, pictures } = report([header()])
    expect(html).toContain('No runs yet')
    expect(pictures).toEqual([])
  })

  test('only the search of one study', () => {
    const { html, pictures } = report([header(), ...all.slice(0, 3)])
    expect(html.replace(/<script[\s\S]*?<\/script>/g, '')).not.toMatch(/NaN|undefined|Infinity/)
    for (const { svg } of pictures) expectWellFormed(svg)
  })

  test('runs that failed only', () => {
    const page = report([header(), failed, { ...failed, id: 'other', outcome: 'timeout', reason: null }])
    expect(rowsOf(page, 'Runs that did not finish')).toHaveLength(2)
    expect(page.html).toContain(failed.reason)
  })

  test('runs that shared the machine quote no seconds', () => {
    const page = report([header(), ...all.map((run) => ({ ...run, serial: false }))])
    expect(page.pictures.map(({ name }) => name)).not.toContain('time.svg')
    expect(page.html).toContain('seconds are quoted only')
    for (const row of rowsOf(page, 'All runs')) expect(row['gradient, s']).toBe('–')
  })

  test('without results the command fails and says so', () => {
    const { status, stderr } = spawnSync(process.execPath, [cli, 'report', '/nowhere'], { encoding: 'utf8' })
    expect(stderr).toBe('cauchy report: /nowhere must hold a results.jsonl, got none\n')
    expect(status).toBe(2)
  })
})

test('whatever things are called, it stays text', () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&`
  const about = { ...PROBLEMS[0], name: evil, summary: evil }
  const setting = { optimizer: evil, options: { lr: 0.01, [evil]: 1 }, schedule: evil }
  const page = report([
    header({ cpu: evil, command: [evil], config: config({ problems: [about] }) }),
    makeRun(about, setting, 'tune', 0),
    makeRun(about, setting, 'final', 1),
    makeRun(about, { ...setting, options: { lr: 10 } }, 'tune', 0, { reason: evil, outcome: 'failed' }),
  ])
  const { document } = page
  expect(document.querySelectorAll('img, [onerror]')).toHaveLength(0)
  expect([...document.querySelectorAll('script')].map((script) => script.getAttribute('type'))).toEqual([
    'application/json',
    'module',
  ])
  expect(JSON.parse(document.getElementById('figures')?.textContent ?? '').contenders).toEqual([evil])
  expect(rowsOf(page, 'Runs that did not finish')[0].reason).toBe(evil)
  for (const { name, svg } of page.pictures) {
    expect(name).toMatch(/^[\w-]+\.svg$/)
    expectWellFormed(svg)
    expect(parseHTML(svg).document.querySelectorAll('script, img')).toHaveLength(0)
  }
})
