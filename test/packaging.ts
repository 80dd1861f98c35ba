// The packed tarball, installed into a temporary project: what its tests share.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

export const repository = fileURLToPath(new URL('..', import.meta.url))
const target = `${process.platform}-${process.arch}`

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cauchy-package-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const npm = (cwd: string, ...args: string[]) =>
  execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })

/** Packs the package as it is built, with prebuilt addons; returns the tarball's path. */
export function pack(): string {
  execFileSync(process.execPath, ['packaging/prebuild.mjs'], { cwd: repository })
  const folder = temporaryFolder()
  npm(repository, 'pack', '--ignore-scripts', '--pack-destination', folder)
  return join(folder, readdirSync(folder)[0])
}

export class Project {
  readonly folder = temporaryFolder()
  readonly package = join(this.folder, 'node_modules/cauchy')
  readonly addon = join(this.package, 'prebuilds', target, 'cauchy.node')

  constructor(tarball: string) {
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true }')
    npm(this.folder, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball)
  }

  /** Puts other bytes in the addon's place; `declared`: as if they had been packed so. */
  replaceAddon(change: (bytes: Buffer) => Buffer, declared = true): void {
    const bytes = change(readFileSync(this.addon))
    rmSync(this.addon)
    writeFileSync(this.addon, bytes)
    if (!declared) return
    const sizes = join(this.package, 'prebuilds/sizes.json')
    writeFileSync(sizes, JSON.stringify({ [target]: bytes.length }))
  }

  prebuilt(name: string): Buffer {
    return readFileSync(join(this.package, 'prebuilds', name, 'cauchy.node'))
  }

  /** Runs a script in the project; what it prints is JSON. */
  run(script: string, { args = [] as string[], env = {}, ...options }: RunOptions = {}) {
    const result = spawnSync(process.execPath, [...args, '-e', script], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, CAUCHY_BACKEND: '', CAUCHY_ISA: '', ...env },
      ...options,
    })
    if (result.status !== 0) throw new Error(`${result.signal ?? ''}${result.stderr}`)
    return JSON.parse(result.stdout)
  }

  write(name: string, text: string): string {
    const file = join(this.folder, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
    return file
  }
}

interface RunOptions {
  args?: string[]
  env?: Record<string, string>
  uid?: number
}

/** A function that trains a little and returns the bits, to be evaluated where `cauchy` is at hand. */
export const TRAIN = `({ AdamW, LAMB, schedules }) => {
  const w = Float32Array.from({ length: 37 }, (_, i) => (i - 18) / 7)
  const b = Float64Array.from({ length: 5 }, (_, i) => i / 3)
  const optimizers = [AdamW, LAMB].map((Optimizer) => new Optimizer({ w: w.slice(), b: b.slice() }, { weightDecay: 0.1 }))
  const lr = schedules.warmupCosine({ lr: 0.1, warmupSteps: 3, totalSteps: 20 })
  return optimizers.map((optimizer) => {
    for (let t = 0; t < 20; t++) {
      optimizer.groups[0].lr = lr(t)
      const { w, b } = optimizer.params
      optimizer.step({ w: w.map((x) => 2 * x - 1), b: b.map((x) => x * x) }, { clipNorm: 1 })
    }
    const { w, b } = optimizer.params
    return [w, b].map((array) => [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)].join())
  })
}`
