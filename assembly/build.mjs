// Compiles the kernels to dist/kernels.wasm, and the commonest of them to dist/common.wasm.
import { mkdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { main } from 'assemblyscript/asc'
import { unroll } from './unroll.mjs'

const root = resolve(import.meta.dirname, '..')
const TURNS = 4 // vectors a turn: measured 3 to 10 % faster than 1 at 64 Ki
// Unrolled code is four times as large: only the commonest rules, and the gradient on its way to any rule.
const UNROLLED = /^assembly\/rules\/(adamw|gradient|sgd)\.ts$/

const readFile = (generated) => (name, base) => {
  try {
    const text = readFileSync(
      resolve(base, name.replace('generated/kernels', `generated/${generated}`)),
      'utf8',
    )
    return UNROLLED.test(name) ? unroll(text, TURNS) : text
  } catch {
    return null
  }
}

mkdirSync(`${root}/dist`, { recursive: true })
const flags =
  '-O3 --converge --noAssert --runtime stub --enable simd --importMemory --initialMemory 1 --maximumMemory 65536'
for (const kernels of ['kernels', 'common']) {
  const output = `--outFile dist/${kernels}.wasm --baseDir ${root}`
  const { error, stderr } = await main(
    `assembly/driver.ts assembly/generated/kernels.ts ${flags} ${output}`.split(' '),
    { readFile: readFile(kernels) },
  )
  if (error) throw new Error(`assembly: ${error.message}\n${stderr}`)
}
