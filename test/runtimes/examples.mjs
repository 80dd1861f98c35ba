// The programs of ../../examples where they are meant to run, on the packed package.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { binary, fileOf, library } from './binaries.mjs'
import { browse } from './chromium.mjs'
import { output, run, versionOf } from './packed.mjs'
import { prepareWorker, withWorkerd } from './workerd.mjs'

/** The Worker learns which of two features is larger, from request to request. */
async function cloudflareWorker(packed) {
  const config = await prepareWorker(packed, 'examples/cloudflare-worker/worker.mjs', 'Model', 'MODEL')
  return withWorkerd(config, async (ask) => {
    const examples = Array.from({ length: 32 }, (_, n) => {
      const x = [1, 3, 5, 7].map((k) => (((n + 1) * k * 37) % 64) / 32 - 1)
      return { x, y: Number(x[0] > x[1]) }
    })
    let answer
    const losses = []
    for (let t = 1; t <= 150; t++) {
      answer = await ask('/', { examples })
      losses.push(answer.loss)
      assert.equal(answer.step, t)
    }
    assert.ok(losses.at(-1) < losses[0] / 2, `the loss went from ${losses[0]} to ${losses.at(-1)}`)
    assert.ok((await ask('/', { x: [0.9, -0.9, 0, 0] })).p > 0.8)
    assert.ok((await ask('/', { x: [-0.9, 0.9, 0, 0] })).p < 0.2)
    return answer
  })
}

/** Two processes, the second going on from the file of the first. */
async function lambda(packed) {
  const invoke = async (points) => {
    const script = `import { handler } from './examples/lambda/handler.mjs'
      console.log(JSON.stringify(await handler({ body: process.argv[1] })))`
    const { statusCode, body } = await run(
      process.execPath,
      ['--input-type=module', '-e', script, JSON.stringify({ points })],
      { cwd: packed.folder, env: { STATE_PATH: join(packed.elsewhere, 'line.safetensors') } },
    )
    assert.equal(statusCode, 200)
    return JSON.parse(body)
  }
  const points = [0, 1, 2, 3].map((x) => [x, 1 + 2 * x])
  assert.equal((await invoke(points)).steps, 200)
  const line = await invoke(points)
  assert.equal(line.steps, 400)
  assert.ok(Math.abs(line.intercept - 1) + Math.abs(line.slope - 2) < 1e-3)
  return line
}

/** The page descends by clicks and goes on after a reload, where Node gets in one run. */
async function page(packed, browser) {
  packed.link(join(packed.folder, 'node_modules'), 'examples/browser/node_modules')
  const script = `import { Descent } from './examples/browser/descent.mjs'
    const descent = new Descent({ getItem: () => null, setItem() {} })
    descent.run(600)
    console.log(JSON.stringify(descent.toString()))`
  const expected = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: packed.folder })
  const view = await browser.open('/examples/browser/index.html')
  for (const steps of [300, 600]) {
    for (let click = 0; click < 3; click++) await view.click('#descend')
    await view.reload()
    await view.waitForFunction(
      (text) => document.querySelector('#output').textContent.startsWith(text),
      `step ${steps}:`,
    )
  }
  const text = await view.textContent('#output')
  assert.equal(text.replace(/ on \w+$/, ''), expected.replace(/ on \w+$/, ''))
  await view.click('#reset')
  assert.match(await view.textContent('#output'), /^step 0: /)
  return { backend: text.split(' ').at(-1) }
}

async function tensorFlow(packed) {
  packed.link(fileOf('@tensorflow'), 'node_modules/@tensorflow')
  const text = await output(process.execPath, ['examples/tensorflow/train.mjs'], { cwd: packed.folder })
  const [, first, last] = /mean squared error ([\d.]+) → ([\d.]+)/.exec(text)
  assert.ok(Number(last) < 0.05 && Number(last) < first / 5, text)
  return { backend: 'native' }
}

export async function* examples(packed) {
  const row = (runtime, version, how, backend, start) => ({
    runtime,
    version,
    how,
    backend,
    start,
    example: true,
  })
  const node = versionOf(process.execPath)
  yield row('Node', node, 'examples/lambda', 'native', () => lambda(packed))
  const { version } = library('@tensorflow/tfjs/package.json')
  yield row('Node', node, `examples/tensorflow, TensorFlow.js ${version}`, 'native', () => tensorFlow(packed))
  const workerd = versionOf(binary('@cloudflare/workerd-linux-64'))
  yield row('workerd', workerd, 'examples/cloudflare-worker', 'wasm', () => cloudflareWorker(packed))
  const browser = await browse(packed)
  try {
    yield row('Chromium', browser.version, 'examples/browser', 'wasm', () => page(packed, browser))
  } finally {
    await browser.close()
  }
}
