// Cold start: whole processes that import the package, make an optimizer and step once, against an empty program.
import { spawnSync } from 'node:child_process'
import { measure } from './measure'
import type { Target } from './targets'

export interface ColdStart {
  readonly backend: string
  readonly module: 'esm' | 'cjs'
  readonly milliseconds: number
  /** Over an empty program of the same module system. */
  readonly overEmpty: number
}

const IMPORTS = { esm: "import { AdamW } from 'cauchy'", cjs: "const { AdamW } = require('cauchy')" }

function program(backend: string): string {
  return `const opt = new AdamW([[16]], { backend: '${backend}' }); opt.grads[0].fill(1); opt.step()`
}

function spawn(module: 'esm' | 'cjs', code: string): void {
  const type = module === 'esm' ? 'module' : 'commonjs'
  const { status, stderr } = spawnSync(process.execPath, [`--input-type=${type}`, '-e', code], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`a process of the cold start failed: ${stderr}`)
}

export async function coldStart(targets: readonly Target[], rounds: number): Promise<ColdStart[]> {
  const backends = [...new Set(targets.map(({ backend }) => backend))]
  const modules = ['esm', 'cjs'] as const
  const candidates = modules.flatMap((module) =>
    [null, ...backends].map((backend) => {
      const code = backend === null ? '' : `${IMPORTS[module]}; ${program(backend)}`
      return { name: `${backend} ${module}`, module, backend, run: () => spawn(module, code) }
    }),
  )
  const times = await measure(candidates, { rounds, seconds: 0 }, ({ run }) => {
    const start = performance.now()
    run()
    return (performance.now() - start) / 1000
  })
  const milliseconds = new Map([...times].map(([candidate, seconds]) => [candidate, 1000 * seconds]))
  return candidates.flatMap((candidate) => {
    const { backend, module } = candidate
    if (backend === null) return []
    const empty = candidates.find((other) => other.backend === null && other.module === module)
    const own = milliseconds.get(candidate) as number
    const base = milliseconds.get(empty as typeof candidate) as number
    return [{ backend, module, milliseconds: own, overEmpty: own - base }]
  })
}
