// `cauchy build`: compiles the addon from the sources in the package, for machines that no prebuilt one fits.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, cpSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CAC } from 'cac'
import binding from '../../binding.gyp'
import { compileApart } from '../../native/compile.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

function findGyp(): string {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve('node-gyp/bin/node-gyp.js')
    } catch {
      // not here
    }
  }
  throw new Error('cauchy build: node-gyp must be installed, got none; run: npm install --no-save node-gyp')
}

function checkWritable(): void {
  try {
    accessSync(root, constants.W_OK)
  } catch {
    throw new Error(`cauchy build: ${root} must be writable: the addon goes into the package`)
  }
}

function run(): void {
  const gyp = findGyp()
  checkWritable()
  const output = join(root, 'build/Release/cauchy.node')
  const log = compileApart(
    (folder) => {
      cpSync(join(root, 'native'), join(folder, 'native'), { recursive: true })
      writeFileSync(join(folder, 'binding.gyp'), binding)
    },
    output,
    gyp,
  )
  if (log !== undefined) {
    throw new Error(
      `${log.trimEnd()}\ncauchy build: compilation failed; it takes a C++17 compiler, make and Python 3`,
    )
  }
  console.log(`${output}: ${statSync(output).size} bytes`)
  // In a process of its own: this one may have settled for another backend.
  spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'info'], { stdio: 'inherit' })
}

export function build(cli: CAC): void {
  cli
    .command(
      'build',
      'Compile the addon here, from the sources in the package (takes node-gyp and a C++17 compiler)',
    )
    .example('npm install --no-save node-gyp && npx cauchy build')
    .example('CXX=clang++ cauchy build')
    .allowUnknownOptions()
    .action(run)
}
