// Compiles the kernels to dist/kernels.wasm.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { main } from 'assemblyscript/asc'

const root = resolve(import.meta.dirname, '..')
mkdirSync(`${root}/dist`, { recursive: true })
const flags =
  '-O3 --converge --noAssert --runtime stub --enable simd --importMemory --initialMemory 1 --maximumMemory 65536'
const output = '--outFile dist/kernels.wasm'
const { error, stderr } = await main(`assembly/driver.ts ${flags} ${output} --baseDir ${root}`.split(' '))
if (error) throw new Error(`assembly: ${error.message}\n${stderr}`)
