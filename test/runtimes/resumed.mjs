// One run through four runtimes: begun natively, then resumed three times from the bytes of encodeState.
import { browse } from './chromium.mjs'
import { inDeno } from './deno.mjs'
import { run } from './packed.mjs'
import { prepareWorker, withWorkerd } from './workerd.mjs'

export async function* resumed(packed) {
  const config = await prepareWorker(packed)
  const browser = await browse(packed)
  const begin = `const cauchy = require('cauchy')
    import('./training.mjs')
      .then(({ trainByText }) => trainByText(cauchy, { end: 50 }))
      .then((answer) => console.log(JSON.stringify(answer)))`
  async function start() {
    const begun = await run(process.execPath, ['-e', begin], { cwd: packed.folder })
    if (begun.backend !== 'native')
      throw new Error(`it began on ${begun.backend}: ${begun.errors.join('; ')}`)
    const worker = await withWorkerd(config, (ask) => ask('/', { saved: begun.saved, end: 65 }))
    const page = await browser.visit('/page', { saved: worker.saved, end: 80 })
    return inDeno(packed, { saved: page.saved })
  }
  const how = 'Node, native, to step 50; workerd to 65; Chromium to 80; Deno to 100'
  try {
    yield { runtime: 'resumed', version: '', how, backend: 'wasm', start }
  } finally {
    await browser.close()
  }
}
