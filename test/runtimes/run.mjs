// `npm run test:runtimes`: the same training run from the packed tarball in every runtime there is; the hashes of
// parameters and state must agree. Prints a table and a line that counts.
import { cpus } from 'node:os'
import { arm64 } from './arm64.mjs'
import { install, Missing } from './binaries.mjs'
import { bun } from './bun.mjs'
import { chromium } from './chromium.mjs'
import { deno } from './deno.mjs'
import { edgeLight } from './edge-light.mjs'
import { node } from './node.mjs'
import { Packed } from './packed.mjs'
import { resumed } from './resumed.mjs'
import { table } from './table.mjs'
import { workerd } from './workerd.mjs'

/** Of the JavaScript reference on Node 20. */
const HASH = '0df240e8237d04e5'

/** Starts a row, and tells what came of it. */
async function attempt({ start, ...row }) {
  const begun = performance.now()
  const answer = await start()
  const ms = performance.now() - begun
  if (answer.backend !== row.backend) {
    throw new Error(`the backend is ${answer.backend}, not ${row.backend}: ${answer.errors.join('; ')}`)
  }
  if (answer.hash !== HASH) throw new Error(`the hash is ${answer.hash}, not ${HASH}`)
  return { ...row, backend: `${answer.backend} (${answer.isa})`, result: answer.hash, ms }
}

const counts = { passed: 0, failed: 0, skipped: 0 }
const rows = []
function failed(row, error) {
  counts.failed++
  rows.push({ ...row, result: 'FAILED' })
  console.error(`${row.runtime} ${row.version} ${row.how}: ${error.message}\n`)
}

async function runAll(runtime, packed) {
  try {
    for await (const row of runtime(packed)) {
      try {
        rows.push(await attempt(row))
        counts.passed++
      } catch (error) {
        failed(row, error)
      }
    }
  } catch (error) {
    const row = { runtime: runtime.name, version: '', how: '', backend: '' }
    // Continuous integration has every runtime.
    if (!(error instanceof Missing) || process.env.CI) return failed(row, error)
    counts.skipped++
    rows.push({ ...row, result: `skipped: ${error.message}` })
  }
}

install()
const packed = new Packed()
try {
  for (const runtime of [node, arm64, bun, deno, workerd, edgeLight, chromium, resumed]) {
    await runAll(runtime, packed)
  }
} finally {
  packed.remove()
}
console.log(`${table(rows)}\n`)
console.log(`${cpus()[0].model}, ${new Date().toISOString().slice(0, 10)}, npm run test:runtimes\n`)
console.log(`runtimes: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
