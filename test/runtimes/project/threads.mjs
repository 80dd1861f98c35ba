// Worker threads load the package: one trains, by two threads and off the event loop; two others step without end and are
// terminated meanwhile, one within a step of two threads, one with a step under way off its event loop.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import * as cauchy from 'cauchy'
import { trainByText } from './training.mjs'

const next = (worker) =>
  new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))

async function main() {
  const start = (role) => new Worker(new URL(import.meta.url), { workerData: role })
  const endless = ['step', 'stepAsync'].map(start)
  await Promise.all(endless.map(next))
  const training = next(start('training'))
  await Promise.all(endless.map((worker) => worker.terminate()))
  const answer = await training
  const here = await trainByText(cauchy)
  if (here.hash !== answer.hash)
    throw new Error(`the worker has ${answer.hash}, the main thread ${here.hash}`)
  console.log(JSON.stringify(answer))
}

/** Two threads, however small the step: the environment says CAUCHY_CUTOVER=0. */
const train = () => trainByText(cauchy, { threads: 2, ahead: true })

async function stepForever() {
  const optimizer = new cauchy.AdamW({ w: [1 << 20] }, { threads: 2 })
  optimizer.step()
  parentPort.postMessage('stepping')
  for (;;) await optimizer[workerData]()
}

if (isMainThread) await main()
else if (workerData === 'training') parentPort.postMessage(await train())
else await stepForever()
