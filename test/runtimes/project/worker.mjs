// A Worker for workerd: trains on request; the state goes to the caller and back, or stays in a Durable Object.
import * as cauchy from 'cauchy'
import { train, trainByText } from './training.mjs'

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === '/')
      return Response.json(await trainByText(cauchy, await request.json()))
    return env.TRAINER.get(env.TRAINER.idFromName('trainer')).fetch(request)
  },
}

/** Keeps the run between requests, as bytes. */
export class Trainer {
  constructor({ storage }) {
    this.storage = storage
  }

  async fetch(request) {
    const kept = await this.storage.get('run')
    const { saved, ...answer } = await train(cauchy, { ...(await request.json()), saved: kept })
    await this.storage.put('run', saved)
    return Response.json(answer)
  }
}
