// `npm run test:runtimes`: the same training run from the packed tarball in every runtime there is; the hashes of
// parameters and state must agree. Prints a table and a line that counts. Arguments name some of the runtimes.
import { cpus } from 'node:os'
import { arm64 } from './arm64.mjs'
import { install, Missing } from './binaries.mjs'
import { bun } from './bun.mjs'
import { chromium } from './chromium.mjs'
import { deno } from './deno.mjs'
import { edgeLight } from './edge-light.mjs'
import { examples } from './examples.mjs'
import { installs } from './installs.mjs'
import { node } from './node.mjs'
import { Packed } from './packed.mjs'
import { resumed } from './resumed.mjs'
import { table } from './table.mjs'
import { workerd } from './workerd.mjs'

/** Of the JavaScript reference on Node 20. */
const HASH = '87f5db6ec5a1c200'

/** Starts a row, and tells what came of it. An example has no hash: it throws unless it did what it is for. */
async function attempt({ start, example = false, ...row }) {
  const begun = performance.now()
  const answer = await start()
  const ms = performance.now() - begun
  if (answer.backend !== row.backend) {
    throw new Error(`the backend is ${answer.backend}, not ${row.backend}: ${answer.errors.join('; ')}`)
  }
  if (example) return { ...row, result: 'works', ms }
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

const all = { node, arm64, bun, deno, workerd, edgeLight, chromium, resumed, examples, installs }
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(all)
for (const name of names) {
  if (!(name in all))
    throw new RangeError(`a runtime must be one of ${Object.keys(all).join(', ')}, got ${name}`)
}

install()
const packed = new Packed()
try {
  for (const name of names) await runAll(all[name], packed)
} finally {
  packed.remove()
}
console.log(`${table(rows)}\n`)
console.log(`${cpus()[0].model}, ${new Date().toISOString().slice(0, 10)}, npm run test:runtimes\n`)
console.log(`runtimes: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
