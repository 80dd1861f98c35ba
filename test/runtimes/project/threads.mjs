// Two worker threads load the package: one trains, the other steps without end and is terminated meanwhile.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import * as cauchy from 'cauchy'
import { train } from './training.mjs'

const next = (worker) =>
  new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))

async function main() {
  const file = new URL(import.meta.url)
  const endless = new Worker(file, { workerData: 'endless' })
  await next(endless)
  const training = next(new Worker(file, { workerData: 'training' }))
  await endless.terminate()
  const answer = await training
  const here = train(cauchy)
  if (here.hash !== answer.hash)
    throw new Error(`the worker has ${answer.hash}, the main thread ${here.hash}`)
  console.log(JSON.stringify(answer))
}

if (isMainThread) await main()
else if (workerData === 'training') parentPort.postMessage(train(cauchy))
else {
  const optimizer = new cauchy.AdamW({ w: [1 << 20] })
  optimizer.step()
  parentPort.postMessage('stepping')
  for (;;) optimizer.step()
}
