// A Worker for workerd: trains on request; the state goes to the caller and back, or stays in a Durable Object.
import * as cauchy from 'cauchy'
import { train } from './training.mjs'

export default {
  async fetch(request, env) {
    const job = await request.json()
    if (new URL(request.url).pathname === '/') return Response.json(train(cauchy, job))
    const id = env.TRAINER.idFromName('trainer')
    return env.TRAINER.get(id).fetch(request.url, { method: 'POST', body: JSON.stringify(job) })
  },
}

/** Keeps the bytes of the run between requests. */
export class Trainer {
  constructor(state) {
    this.storage = state.storage
  }

  async fetch(request) {
    const kept = await this.storage.get('run')
    const saved = kept && new TextDecoder().decode(kept)
    const answer = train(cauchy, { ...(await request.json()), saved })
    await this.storage.put('run', new TextEncoder().encode(answer.saved))
    return Response.json(answer)
  }
}
