// The packed tarball installed in a temporary project beside the training run, and ways to run things in it.
import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as esbuild from 'esbuild'

const repository = resolve(import.meta.dirname, '../..')

export class Packed {
  /** Of the project; `elsewhere` is a folder from which nothing can be resolved. */
  folder = mkdtempSync(join(tmpdir(), 'cauchy-runtimes-'))
  elsewhere = mkdtempSync(join(tmpdir(), 'cauchy-bundles-'))

  constructor() {
    const npm = (cwd, ...args) => execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
    npm(repository, 'pack', '--silent', '--ignore-scripts', '--pack-destination', this.elsewhere)
    this.tarball = join(this.elsewhere, readdirSync(this.elsewhere)[0])
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true, "type": "commonjs" }')
    npm(this.folder, 'install', '--silent', '--offline', '--ignore-scripts', this.tarball)
    this.copyProject(this.folder)
    cpSync(join(repository, 'examples'), join(this.folder, 'examples'), { recursive: true })
  }

  /** Puts the training run beside the package, wherever that is installed. */
  copyProject(folder) {
    cpSync(join(import.meta.dirname, 'project'), folder, { recursive: true })
  }

  /** Makes a folder of modules, or one scope of it, seen below another place of the project. */
  link(modules, place) {
    const path = join(this.folder, place)
    mkdirSync(join(path, '..'), { recursive: true })
    symlinkSync(modules, path)
  }

  remove() {
    for (const folder of [this.folder, this.elsewhere]) rmSync(folder, { recursive: true, force: true })
  }

  /** Writes a file into the project and returns its path. */
  write(name, text) {
    const file = join(this.folder, name)
    writeFileSync(file, text)
    return file
  }

  /** Bundles a test of the repository into the project, as it would be written there; returns its path. */
  async bundleTest(name) {
    const glob = {
      name: 'glob',
      setup(build) {
        build.onLoad({ filter: /catalogue\.ts$/ }, ({ path }) => {
          const text = readFileSync(path, 'utf8')
          const files = readdirSync(path.replace('.ts', '')).map((file) => `./catalogue/${file}`)
          const imports = files.map((file, i) => `import * as file${i} from '${file}'`)
          const list = `[${files.map((_, i) => `file${i}`)}]`
          const contents = text.replace(/import\.meta\.glob<.*>\(.*\)/, list)
          return { contents: `${contents}\n${imports.join('\n')}`, loader: 'ts' }
        })
      },
    }
    const outfile = join(this.folder, name)
    const entryPoints = [join(import.meta.dirname, name)]
    const external = ['cauchy']
    await esbuild.build({ entryPoints, outfile, external, bundle: true, format: 'esm', plugins: [glob] })
    return outfile
  }

  /** Bundles a file of the project into a folder of its own elsewhere, WebAssembly beside it. */
  async bundle(entry, options) {
    const folder = mkdtempSync(join(this.elsewhere, 'bundle-'))
    const wasm = {
      name: 'wasm-beside',
      setup(build) {
        build.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path, resolveDir }) => {
          const file = path.replace('?module', '')
          cpSync(join(resolveDir, file), join(folder, file))
          return { path: file, external: true }
        })
      },
    }
    await esbuild.build({
      entryPoints: [join(this.folder, entry)],
      outdir: folder,
      bundle: true,
      format: 'esm',
      logLevel: 'warning',
      plugins: [wasm],
      ...options,
    })
    return folder
  }
}

/** Runs a program to its end, without choices of a backend from outside; returns what it prints. */
export function output(command, args, { cwd, env = {}, errors = false }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, CAUCHY_BACKEND: '', CAUCHY_ISA: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 300_000,
  })
  return new Promise((resolve, reject) => {
    let printed = ''
    let complaints = ''
    child.stdout.on('data', (chunk) => (printed += chunk))
    child.stderr.on('data', (chunk) => (complaints += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(errors ? printed + complaints : printed)
      else reject(new Error(`${command} ended with ${signal ?? code}: ${printed}${complaints}`))
    })
  })
}

/** The same for a program that prints JSON. */
export const run = async (...args) => JSON.parse(await output(...args))

/** The version in what `--version` prints. */
export const versionOf = (command, args = ['--version']) =>
  /\d[\w.-]*/.exec(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))[0]
