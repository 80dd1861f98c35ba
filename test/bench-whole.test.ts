// cauchy bench, merge and report about results that are not whole, or do not belong together.
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cauchy, cli, directory, fixture } from './bench-command'

const SELECTION = [
  'bench',
  ...['--problem', `${fixture('valley')},${fixture('line')}`, '--optimizer', 'SGD,AdamW,Lion'],
  ...['--trials', '3', '--seeds', '1', '--jobs', '1'],
]

async function bench(...args: string[]) {
  const out = directory()
  const ended = await cauchy([...SELECTION, ...args, '--out', out])
  expect(ended.code, ended.stderr).toBe(0)
  return { out, stdout: ended.stdout }
}

const whole = bench()
const shards = (async () => [await bench('--shard', '1/3'), await bench('--shard', '3/3')])()

const linesOf = (out: string) => readFileSync(join(out, 'results.jsonl'), 'utf8').trimEnd().split('\n')

/** A directory with other lines. */
function altered(lines: readonly string[], end = '\n') {
  const out = directory()
  writeFileSync(join(out, 'results.jsonl'), lines.join('\n') + end)
  return out
}

const VERDICT = /needed the fewest|Nobody|reached (loss|the)|no run finished|ended at/

test('merge and report say which studies are missing, and give no verdict on their problems', async () => {
  const parts = (await shards).map(({ out }) => out)
  const all = join(directory(), 'all')
  const merged = await cauchy(['merge', all, ...parts])
  expect(merged.code, merged.stderr).toBe(0)
  expect(merged.stdout).toContain(
    'of 2 directories; 4 of 6 studies done; missing: valley/AdamW/constant and line/AdamW/constant.',
  )
  expect(merged.stdout).toContain(`cauchy report ${all}\n`)
  const report = await cauchy(['report', all])
  expect(report.stdout).toBe(`${join(all, 'report', 'index.html')}\n`)
  expect(report.stderr).toContain('4 of 6 studies done; missing: valley/AdamW/constant')
  const { summary } = JSON.parse((await cauchy(['report', all, '--json'])).stdout)
  expect(summary.progress).toMatchObject({ planned: 6, done: 4, shard: null })
  expect(summary.words.problems).toEqual([
    { problem: 'valley', text: '2 of 3 studies done: no verdict.' },
    { problem: 'line', text: '2 of 3 studies done: no verdict.' },
  ])
  expect(summary.words.overall.join(' ')).toContain('4 of 6 studies done')
  expect(summary.words.overall.join(' ')).not.toMatch(VERDICT)
  expect(readFileSync(join(all, 'report', 'index.html'), 'utf8')).toContain('4 of 6 studies done; missing')
})

test('a bench that did its shard says so, and judges nothing', async () => {
  const [{ stdout }] = await shards
  expect(stdout).toContain(
    '2 of 2 studies of shard 1/3 done; the whole has 6: join its shards with cauchy merge.',
  )
  expect(stdout).not.toMatch(VERDICT)
})

test('half-written results judge only what is complete', async () => {
  const lines = linesOf((await whole).out)
  const half = altered(lines.filter((line) => !line.includes('"study":"line/Lion/constant","phase":"final"')))
  const { summary } = JSON.parse((await cauchy(['report', half, '--json'])).stdout)
  expect(summary.progress.missing).toEqual(['line/Lion/constant'])
  const [valley, line] = summary.words.problems
  expect(valley.text).toMatch(/reached loss ≤ 0.001/)
  expect(line.text).toBe('2 of 3 studies done: no verdict.')
  const full = JSON.parse((await cauchy(['report', (await whole).out, '--json'])).stdout)
  expect(full.summary.progress).toMatchObject({ planned: 6, done: 6, missing: [] })
  expect(full.summary.words.overall.join(' ')).not.toContain('studies')
})

test('results of another version are not gone on with, nor merged', async () => {
  const { out } = await whole
  const other = altered(linesOf(out).map((line) => line.replace(/"cauchy":"[^"]*"/, '"cauchy":"0.0.9"')))
  const resumed = await cauchy([...SELECTION, '--out', other, '--resume'])
  const merged = await cauchy(['merge', join(directory(), 'all'), out, other])
  for (const { code, stderr } of [resumed, merged]) {
    expect(stderr).toMatch(/must have been run by cauchy .*, as this is, got results of cauchy 0\.0\.9/)
    expect(code).toBe(2)
  }
})

test('results that contradict each other are not merged; the same in other seconds are', async () => {
  const { out } = await whole
  const lines = linesOf(out)
  const contrary = altered(lines.map((line) => line.replace(/"finalLoss":[^,]*/, '"finalLoss":7')))
  const refused = await cauchy(['merge', join(directory(), 'all'), out, contrary])
  expect(refused.stderr).toMatch(
    /must agree with .*, got another result of (line|valley)\/.*, run [0-9a-f]{16}/,
  )
  expect(refused.code).toBe(2)
  const slower = altered(lines.map((line) => line.replace(/"total":[^,]*/, '"total":7')))
  expect((await cauchy(['merge', join(directory(), 'all'), out, slower])).code).toBe(0)
})

test('merge says what differs, and which splits it joins', async () => {
  const { out } = await whole
  const [first] = await shards
  const other = await bench('--search', 'random')
  const refused = await cauchy(['merge', join(directory(), 'all'), out, other.out])
  expect(refused.stderr).toContain(
    `${other.out} was run with another configuration than ${out}: search random, there grid`,
  )
  expect(refused.code).toBe(2)
  const all = join(directory(), 'all')
  const half = await bench('--shard', '1/2')
  const merged = await cauchy(['merge', all, first.out, half.out])
  expect(merged.stderr).toContain('shards of different splits, 1/3 and 1/2')
  const json = await cauchy(['merge', join(directory(), 'all'), out, '--json'])
  const runs = linesOf(out).filter((line) => line.startsWith('{"kind":"run"')).length
  expect(JSON.parse(json.stdout)).toMatchObject({ runs, progress: { planned: 6, done: 6, missing: [] } })
})

test('a file that was edited is named when the bench is to go on', async () => {
  const file = join(directory(), 'own.mjs')
  copyFileSync(fixture('valley'), file)
  const out = directory()
  const args = [
    'bench',
    '--problem',
    file,
    '--optimizer',
    'SGD',
    '--trials',
    '1',
    '--seeds',
    '1',
    '--out',
    out,
  ]
  expect((await cauchy(args)).code).toBe(0)
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n// edited`)
  const { code, stderr } = await cauchy([...args, '--resume'])
  expect(stderr).toMatch(
    /the file of problem valley is not the same \(SHA-256 [0-9a-f]{12}…, now [0-9a-f]{12}…\)/,
  )
  expect(code).toBe(2)
})

test('a changed import is noticed where a run starts elsewhere: by --resume, and by merge', async () => {
  const folder = directory()
  const [file, imported] = ['own', 'imported'].map((name) => join(folder, `${name}.mjs`))
  writeFileSync(file, `import valley from './imported.mjs'\nexport default { ...valley, name: 'own' }`)
  copyFileSync(fixture('valley'), imported)
  const args = ['bench', '--problem', file, '--optimizer', 'SGD,AdamW', '--trials', '3', '--seeds', '1']
  const [out, other] = [directory(), directory()]
  expect((await cauchy([...args, '--shard', '1/2', '--out', out])).code).toBe(0)
  const text = readFileSync(imported, 'utf8')
  writeFileSync(imported, text.replace('1 + 0.01 * seed', '2'))
  const lines = linesOf(out)
  const search = lines.findIndex((line) => line.includes('"phase":"tune"'))
  const cut = altered(lines.toSpliced(search, 1))
  expect((await cauchy([...args, '--shard', '2/2', '--out', other])).code).toBe(0)
  const resumed = await cauchy(['bench', '--resume', '--out', cut])
  const merged = await cauchy(['merge', join(directory(), 'all'), out, other])
  for (const { code, stderr } of [resumed, merged]) {
    expect(stderr).toMatch(
      /problem own must start as it did, at loss 25\.5 with seed 0, got 27: something that its file imports was changed/,
    )
    expect(code).toBe(2)
  }
  expect(linesOf(cut).slice(0, -1)).toEqual(lines.toSpliced(search, 1))
})

test('what cannot be done is said: nothing at all, an empty shard, an optimizer without its matrices', async () => {
  const booth = ['bench', '--problem', 'booth', '--trials', '1', '--seeds', '1']
  const none = await cauchy([...booth, '--optimizer', 'Muon'])
  expect(none.stderr).toMatch(/Muon is left out on booth: it needs the shapes of matrices/)
  expect(none.stderr).toContain('cauchy bench: there must be a study to do, got none')
  expect(none.code).toBe(2)
  const some = await cauchy([...booth, '--optimizer', 'Muon,SGD'])
  expect(some.stderr).toMatch(/Muon is left out on booth/)
  expect(some.code).toBe(0)
  expect(some.stdout).not.toContain('no verdict')
  const empty = await cauchy([...booth, '--optimizer', 'SGD', '--shard', '2/2'])
  expect(empty.stderr).toContain('Shard 2/2 has none of the 1 study: nothing to do')
  expect(empty.code).toBe(0)
})

test.each([
  ['an empty file', ''],
  ['a header that was cut off', '{"kind":"header","version":1,"cau'],
])('%s is begun anew, with --resume and without', async (_, text) => {
  for (const resume of [[], ['--resume']]) {
    const out = altered([text], '')
    const args = [
      'bench',
      '--problem',
      fixture('valley'),
      '--optimizer',
      'SGD',
      '--trials',
      '1',
      '--seeds',
      '1',
    ]
    const { code, stderr } = await cauchy([...args, '--out', out, ...resume])
    expect(code, stderr).toBe(0)
    expect(JSON.parse(linesOf(out)[0])).toMatchObject({ kind: 'header' })
  }
})

test('--resume alone, without anything to resume, is refused', async () => {
  for (const out of [altered([''], ''), directory(), join(directory(), 'nowhere')]) {
    const { code, stdout, stderr } = await cauchy(['bench', '--resume', '--jobs', '1', '--out', out])
    expect(stderr).toBe(`cauchy bench: there is nothing to resume in ${out}\n`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  }
  const { code, stderr } = await cauchy(['bench', '--resume'])
  expect(stderr).toBe('cauchy bench: there is nothing to resume in cauchy-bench\n')
  expect(code).toBe(2)
})

test('a study that lacked a run of its search tells what it found', async () => {
  const lines = linesOf((await whole).out)
  const search = lines.findIndex((line) => line.includes('"study":"valley/SGD/constant","phase":"tune"'))
  const { code, stderr } = await cauchy(['bench', '--resume', '--out', altered(lines.toSpliced(search, 1))])
  expect(stderr).toMatch(/valley\/SGD\/constant: lr \S+, loss /)
  expect(stderr.match(/: done before/g)).toHaveLength(5)
  expect(code, stderr).toBe(0)
})

test('a first line that is damaged is to be restored; a byte order mark does no harm', async () => {
  const [first, ...rest] = linesOf((await whole).out)
  const header = first.replace('"command":[', '"command":7,"other":[')
  for (const line of [`x${first}`, header]) {
    const { code, stderr } = await cauchy(['report', altered([line, ...rest])])
    expect(stderr).toMatch(
      /results.jsonl:1.* must be .*: the first line says what was run; restore it, or begin anew in another directory\n$/,
    )
    expect(code).toBe(1)
  }
  const marked = altered([`\uFEFF${first}`, ...rest])
  expect((await cauchy(['bench', '--out', marked, '--resume'])).code).toBe(0)
  expect(linesOf(marked).slice(0, -1)).toEqual([`\uFEFF${first}`, ...rest])
})

test('what merge says to type next is quoted', async () => {
  const all = join(directory(), "it's all")
  const { stdout } = await cauchy(['merge', all, (await whole).out])
  expect(stdout).toContain(`cauchy report '${all.replace("'", "'\\''")}'\n`)
})

test('a report on a read-only file system says so', async ({ skip }) => {
  const out = directory()
  const mount = 'mount -t tmpfs none "$1" && cp "$2" "$1" && mount -o remount,ro "$1" || exit 77'
  const script = `${mount}; exec "$3" "$4" report "$1"`
  const args = [out, join((await whole).out, 'results.jsonl'), process.execPath, cli]
  const { status, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script, 'sh', ...args], {
    encoding: 'utf8',
  })
  if (status !== 1) skip('nothing can be mounted here')
  expect(stderr).toBe(`${join(out, 'report')}: it is on a read-only file system (EROFS)\n`)
})

test('a file of something else is left alone', async () => {
  const out = altered(['my notes'], '')
  const { code, stderr } = await cauchy([...SELECTION, '--out', out, '--resume'])
  expect(stderr).toMatch(/results.jsonl must begin with a header of cauchy bench, got "my notes"/)
  expect(code).toBe(1)
  expect(linesOf(out)).toEqual(['my notes'])
})

test('lines that are no records are named, with what to do about them', async () => {
  const lines = linesOf((await whole).out)
  const report = async (line: string) =>
    cauchy(['report', altered([...lines.slice(0, 2), line, ...lines.slice(3)])])
  const garbage = await report('{"kind":"ru')
  expect(garbage.stderr).toMatch(
    /results.jsonl:3 must be JSON, got .*: remove the line, and go on with --resume/,
  )
  const run = lines.find((line) => line.includes('"kind":"run"')) ?? ''
  const wrong = await report(run.replace(/"finalLoss":[^,]*/, '"finalLoss":"low"'))
  expect(wrong.stderr).toMatch(
    /results.jsonl:3: finalLoss must be a number or null, got "low": remove the line/,
  )
  const curve = await report(run.replace(/"curve":\{/, '"curve":3,"other":{'))
  expect(curve.stderr).toMatch(/results.jsonl:3: curve must be an object, got 3/)
  for (const { code } of [garbage, wrong, curve]) expect(code).toBe(1)
})

test('report takes the path of the records, too', async () => {
  const { out } = await whole
  const { stdout, code } = await cauchy(['report', join(out, 'results.jsonl')])
  expect(code).toBe(0)
  expect(stdout).toBe(`${join(out, 'report', 'index.html')}\n`)
})
