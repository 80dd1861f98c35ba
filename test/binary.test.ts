// The compiled addon keeps the numbers contract: no fused multiply-add, and no symbol that a linker could
// share between instruction sets. Needs the addon and binutils; elsewhere a visible skip.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const release = fileURLToPath(new URL('../build/Release/', import.meta.url))
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })

function usable(): boolean {
  try {
    run('objdump', '--version')
    return existsSync(`${release}cauchy.node`)
  } catch {
    return false
  }
}

const ISAS = process.arch === 'x64' ? ['scalar', 'sse2', 'avx2', 'avx512'] : ['scalar', 'neon']
const FUSED = /\b(vfn?m(add|sub)\w*|fn?m(add|sub)|fml[as])\b/

describe.skipIf(!usable())('the addon', () => {
  test('the pattern of fused instructions knows them', () => {
    for (const name of ['vfmadd213ps', 'vfnmadd231pd', 'vfmsubadd132ps', 'fmadd', 'fmla'])
      expect(FUSED.test(name)).toBe(true)
    for (const name of ['vmulps', 'vaddps', 'vdivps']) expect(FUSED.test(name)).toBe(false)
  })

  test('has no fused multiply-add', () => {
    const code = run('objdump', '-d', '--no-show-raw-insn', `${release}cauchy.node`)
    expect(code).toMatch(process.arch === 'x64' ? /vdivps .*%zmm/ : /fdiv/)
    expect(code.split('\n').filter((line) => FUSED.test(line))).toEqual([])
  })

  test.each(ISAS)('the %s unit has no weak symbol', (isa) => {
    const symbols = run('nm', `${release}obj.target/cauchy_${isa}/native/isa/${isa}.o`)
    expect(symbols).toMatch(/ [DR] .*table/)
    expect(symbols.split('\n').filter((line) => / [WwVvu] /.test(line))).toEqual([])
  })
})
