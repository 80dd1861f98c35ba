// The build for Vercel's edge runtime, in the machine that Vercel gives for development, forbidden to evaluate text
// and to compile WebAssembly, as on the platform. The platform itself cannot be had elsewhere.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { library } from './binaries.mjs'

export async function* edgeLight(packed) {
  const { EdgeVM } = library('@edge-runtime/vm')
  // As Next.js does: each `import module from './x.wasm?module'` becomes a global of the machine.
  const folder = await packed.bundle('edge.mjs', {
    conditions: ['edge-light', 'worker', 'browser'],
    platform: 'neutral',
  })
  const globals = {}
  const source = readFileSync(join(folder, 'edge.js'), 'utf8').replace(
    /^import (\w+) from "\.\/(\w+)\.wasm";$/gm,
    (_all, name, file) => {
      globals[`wasm_${file}`] = new WebAssembly.Module(readFileSync(join(folder, `${file}.wasm`)))
      return `const ${name} = globalThis.wasm_${file}`
    },
  )
  const start = async () => {
    const machine = new EdgeVM({
      codeGeneration: { strings: false, wasm: false },
      extend: (context) => Object.assign(context, globals),
      initialCode: source,
    })
    const response = await machine.dispatchFetch('http://localhost/', { method: 'POST', body: '{}' })
    return JSON.parse(await response.text())
  }
  yield {
    runtime: '@edge-runtime/vm',
    version: library('@edge-runtime/vm/package.json').version,
    how: 'bundle for edge-light',
    backend: 'wasm',
    start,
  }
}
