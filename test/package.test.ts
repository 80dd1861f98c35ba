// The packed tarball: what is in it, how large it is, what its binaries ask for, and that every entry computes
// the same bits.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as cauchy from 'cauchy'
import { build, type Plugin } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { Project, pack, repository, TRAIN } from './packaging'

const KB = 1024
let tarball: string
let project: Project
let manifest: Record<string, never>
beforeAll(() => {
  tarball = pack()
  project = new Project(tarball)
  manifest = JSON.parse(readFileSync(join(project.package, 'package.json'), 'utf8'))
}, 300_000)

const files = () =>
  readdirSync(project.package, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(project.package, name)).isFile(),
  )
const gzipped = (...buffers: (Buffer | Uint8Array)[]) =>
  buffers.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0)
const wasm = (name: string) => readFileSync(join(project.package, `dist/${name}.wasm`))
const WORKERD = ['workerd', 'worker', 'browser']

describe('the manifest', () => {
  test('asks for nothing at install', () => {
    expect(manifest.dependencies ?? {}).toEqual({})
    expect(manifest.optionalDependencies).toBeUndefined()
    const peers = Object.keys(manifest.peerDependencies)
    expect(peers.sort()).toEqual(['bullmq', 'ioredis', 'node-gyp'])
    for (const peer of peers) expect(manifest.peerDependenciesMeta[peer]).toEqual({ optional: true })
    expect(Object.keys(manifest.scripts).filter((name) => /install|prepare/.test(name))).toEqual([])
    expect(files()).not.toContain('binding.gyp')
    expect(manifest.sideEffects).toEqual(['./dist/workerd-kernels.mjs', './dist/edge-light-kernels.mjs'])
  })

  test('lists the conditions in order, each with types for import and require', () => {
    const entries: Record<string, unknown> = manifest.exports
    expect(Object.keys(entries)).toEqual([
      '.',
      './wasm',
      './native',
      './kernels.wasm',
      './files',
      './problems',
      './tfjs',
      './package.json',
    ])
    const conditions: Record<string, object> = entries['.'] as never
    expect(Object.keys(conditions)).toEqual(['workerd', 'edge-light', 'browser', 'node-addons', 'default'])
    for (const entry of Object.values(conditions)) {
      expect(entry).toEqual({
        import: { types: './dist/index.d.mts', default: expect.stringMatching(/\.mjs$/) },
        require: { types: './dist/index.d.ts', default: expect.any(String) },
      })
      for (const path of JSON.stringify(entry).match(/\.\/dist\/[^"]+/g) ?? [])
        expect(files()).toContain(path.slice(2))
    }
  })

  test('has the licences of bundled code', () => {
    const text = readFileSync(join(project.package, 'dist/THIRD-PARTY.md'), 'utf8')
    expect(text).toMatch(/- @stdlib\/math-base-special-exp [\d.]+ \(Apache-2\.0\)/)
    expect(text).toMatch(/- cac [\d.]+ \(MIT\)/)
    expect(text).toContain('Apache License')
    expect(text).toContain('The Stdlib Authors')
  })

  test.each([
    ['publint', ['node_modules/publint/src/cli.js', '--strict']],
    [
      'attw',
      [
        'node_modules/@arethetypeswrong/cli/dist/index.js',
        '--profile',
        'node16',
        '--exclude-entrypoints',
        './kernels.wasm',
        '--',
      ],
    ],
  ])('%s finds nothing', (_name, [script, ...args]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, ...args, tarball], {
      cwd: repository,
      encoding: 'utf8',
    })
    expect(`${stdout}${stderr}`).not.toMatch(/Suggestions|Warnings|Errors|CJS resolves|Masquerading/)
    expect(status).toBe(0)
  })
})

describe('sizes', () => {
  test('the tarball is below 1 MB, an addon below 150 KB, the kernels below 24 KB gzipped', () => {
    expect(statSync(tarball).size).toBeLessThan(1_000_000)
    expect(gzipped(wasm('kernels'))).toBeLessThan(24 * KB)
    for (const name of files().filter((name) => name.endsWith('.node'))) {
      expect(statSync(join(project.package, name)).size).toBeLessThan(150 * KB)
    }
  })

  test('AdamW for workerd is below 20 KB gzipped, WebAssembly included', async () => {
    const { outputFiles } = await bundle("export { AdamW } from 'cauchy'", WORKERD)
    expect(importedWasm(outputFiles[0].text)).toEqual(['./common.wasm'])
    expect(gzipped(outputFiles[0].contents, wasm('common'))).toBeLessThan(20 * KB)
  })
})

/** Where a bundle says `import module from './kernels.wasm'`, as an edge runtime would answer it. */
const compiledWasm: Plugin = {
  name: 'compiled-wasm',
  setup(build) {
    build.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path }) => ({ path, namespace: 'compiled-wasm' }))
    build.onLoad({ filter: /./, namespace: 'compiled-wasm' }, ({ path }) => ({
      contents: `export default globalThis.compiledWasm(${JSON.stringify(path)})`,
    }))
  },
}

/** What of it is left in a bundle. */
const importedWasm = (text: string) =>
  [...text.matchAll(/compiledWasm\("([^"]+)"\)/g)].map(([, path]) => path).sort()

function bundle(contents: string, conditions: string[]) {
  return build({
    stdin: { contents, resolveDir: project.folder },
    conditions,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    plugins: [compiledWasm],
  })
}

/** Runs a bundle as an edge runtime would. */
function evaluate(text: string) {
  Object.assign(globalThis, {
    compiledWasm: (path: string) => new WebAssembly.Module(wasm(/(\w+)\.wasm/.exec(path)?.[1] as string)),
  })
  return import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
}

describe('every entry computes the same bits', () => {
  const SCRIPT = `const cauchy = require(ENTRY)
    const { name, errors } = cauchy.backendInfo()
    console.log(JSON.stringify([name, errors.map(({ message }) => message), (${TRAIN})(cauchy)]))`
  const script = (entry: string) => SCRIPT.replace('ENTRY', JSON.stringify(entry))
  let bits: unknown
  beforeAll(() => {
    bits = project.run(script('cauchy'), { env: { CAUCHY_BACKEND: 'js' } })[2]
  })

  test.each([
    ['cauchy', [], 'native'],
    ['cauchy', ['--no-addons'], 'wasm'],
    ['cauchy', ['-C', 'browser'], 'wasm'],
    ['cauchy/wasm', [], 'wasm'],
    ['cauchy/native', [], 'native'],
  ])('%s %j', (entry, args, name) => {
    const [found, , computed] = project.run(script(entry), { args })
    const prebuilt = statSync(project.addon, { throwIfNoEntry: false }) !== undefined
    expect(found).toBe(prebuilt ? name : 'wasm')
    expect(computed).toEqual(bits)
  })

  test.each([
    [WORKERD, ['./common.wasm', './kernels.wasm']],
    [
      ['edge-light', 'worker', 'browser'],
      ['./common.wasm?module', './kernels.wasm?module'],
    ],
    [['browser'], []],
  ])('a bundle for %j, which mentions neither node: nor .node', async (conditions, modules) => {
    const main = `import * as cauchy from 'cauchy'
      export const result = [cauchy.backendInfo(), (${TRAIN})(cauchy)]
      export const js = () => cauchy.backendInfo({ backend: 'js' }).name`
    const { outputFiles } = await bundle(main, conditions)
    expect(importedWasm(outputFiles[0].text)).toEqual(modules)
    expect(outputFiles[0].text).not.toMatch(/node:|\.node\b(?!-)|__dirname/)
    const { result, js } = await evaluate(outputFiles[0].text)
    expect(result[0]).toMatchObject({ name: 'wasm', reason: 'native did not load' })
    expect(result[1]).toEqual(bits)
    if (modules.length === 0) expect(js()).toBe('js')
    else expect(js).toThrow('js: this build is for edge runtimes, which always have WebAssembly')
  })

  test('the file for pages without a bundler imports nothing', async () => {
    const text = readFileSync(join(project.package, 'dist/browser.mjs'), 'utf8')
    expect(text).not.toMatch(/node:|\.node\b(?!-)|__dirname|\bimport\s*[({*"']|\bfrom\s*["']/)
    const page = await evaluate(text)
    expect(Object.keys(page).sort()).toEqual(Object.keys(cauchy).sort())
    expect(page.backendInfo()).toMatchObject({ name: 'wasm', reason: 'native did not load' })
    expect(page.backendInfo({ backend: 'js' }).name).toBe('js')
    expect(new Function(`return (${TRAIN})`)()(page)).toEqual(bits)
  })

  test('a bundle of one optimizer alone has the kernels it needs', async () => {
    const names = Object.entries(cauchy).flatMap(([name, value]) =>
      typeof value === 'function' && value.prototype instanceof cauchy.Optimizer ? [name] : [],
    )
    expect(names.length).toBeGreaterThan(20)
    for (const name of names) {
      const main = `import { ${name} } from 'cauchy'
        export const optimizer = new ${name}({ w: ${name === 'Muon' ? '[1, 5]' : '[5]'} }, { lr: 0.1 })
        optimizer.params.w.fill(1)
        for (let t = 0; t < 3; t++) optimizer.step((grads) => (grads.w.set(optimizer.params.w), 1))
        optimizer.eval()
        export const w = optimizer.params.w`
      const { outputFiles } = await bundle(main, WORKERD)
      const { optimizer, w } = await evaluate(outputFiles[0].text)
      expect(optimizer.backend.name, name).toBe('wasm')
      expect(w[0], name).toBeLessThan(1)
    }
  })

  test.each(['cauchy', 'cauchy/wasm', 'cauchy/native'])(
    'import and require of %s share one copy',
    (entry) => {
      const shared = `import(${JSON.stringify(entry)}).then((esm) => console.log(JSON.stringify(
      Object.entries(require(${JSON.stringify(entry)})).filter(([name, value]) => esm[name] !== value))))`
      expect(project.run(shared)).toEqual([])
    },
  )
})

test('both module systems find their types', () => {
  const use = `new AdamW({ w: Float32Array.of(1) }, { lr: 0.1 }).params.w satisfies Float32Array
    const info: BackendInfo = backendInfo()
    // @ts-expect-error: no such option
    new AdamW([[1]], { nonsense: 1 })
    export { info }`
  const imports = `{ AdamW, type BackendInfo, backendInfo }`
  project.write('esm.mts', `import ${imports} from 'cauchy'\n${use}`)
  project.write('cjs.cts', `import ${imports} from 'cauchy'\n${use}`)
  project.write('wasm.mts', `import ${imports} from 'cauchy/wasm'\n${use}`)
  const tsc = join(repository, 'node_modules/typescript/bin/tsc')
  const flags = '--noEmit --strict --module nodenext --target es2022 --types'.split(' ')
  execFileSync(process.execPath, [tsc, ...flags, '', 'esm.mts', 'cjs.cts', 'wasm.mts'], {
    cwd: project.folder,
  })
})

describe('the prebuilt addons', () => {
  const read = (flags: string, name: string, ...more: string[]) =>
    execFileSync('readelf', [flags, ...more, join(project.package, 'prebuilds', name, 'cauchy.node')], {
      encoding: 'utf8',
    })
  const hasReadelf = spawnSync('readelf', ['--version']).status === 0
  const MACHINES = { 'linux-x64': 'X86-64', 'linux-arm64': 'AArch64' }
  const newest = (text: string, library: string) =>
    [...text.matchAll(new RegExp(`${library}_([\\d.]+)`, 'g'))]
      .map(([, version]) => version)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1)
  const exists = (name: string) =>
    statSync(join(repository, 'prebuilds', name, 'cauchy.node'), { throwIfNoEntry: false }) !== undefined

  test.skipIf(!hasReadelf).each(Object.entries(MACHINES))(
    '%s is for its machine and for every C library',
    (name, machine) => {
      if (!exists(name)) return
      expect(read('-hW', name)).toMatch(new RegExp(`Machine: .*${machine}`))
      const versions = read('-VW', name)
      const compare = (a: string | undefined, b: string) =>
        (a ?? '0').localeCompare(b, 'en', { numeric: true })
      expect(newest(versions, 'GLIBC')).toBeDefined()
      expect(compare(newest(versions, 'GLIBC'), '2.28')).toBeLessThanOrEqual(0)
      expect(compare(newest(versions, 'GLIBCXX'), '3.4.21')).toBeLessThanOrEqual(0)
      // musl answers to the name libc.so.6 itself, ignores versions, and has these functions: the file loads there too.
      expect([...read('-dW', name).matchAll(/NEEDED.*\[(.*)\]/g)].map(([, library]) => library)).toEqual([
        'libc.so.6',
      ])
      const undefinedSymbols = [
        ...read('-W', name, '--dyn-syms').matchAll(/(GLOBAL|WEAK) +\w+ +UND ([\w]+)/g),
      ]
      const needed = undefinedSymbols
        .filter(([, binding]) => binding === 'GLOBAL')
        .map(([, , symbol]) => symbol)
      expect(
        needed.filter(
          (symbol) =>
            !/^(napi_\w+|calloc|malloc|free|madvise|mem(cpy|set|move|cmp)|strcmp|pthread_\w+)$/.test(symbol),
        ),
      ).toEqual([])
    },
  )
})
