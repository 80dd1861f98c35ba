// A Cloudflare Worker that learns online: a logistic regression, trained by the requests it gets.
import { AdamW, decodeState, encodeState } from 'cauchy'

const FEATURES = 4
const MOST_EXAMPLES = 1000

/** The model as it was left by the last request, or a new one. */
function restore(bytes) {
  const optimizer = new AdamW({ w: [FEATURES], b: [1] }, { lr: 0.05, weightDecay: 0.001 })
  if (bytes) {
    const saved = decodeState(bytes)
    optimizer.params.w.set(saved.params.w)
    optimizer.params.b.set(saved.params.b)
    optimizer.loadStateDict(saved.optimizer)
  }
  return optimizer
}

const predict = ({ w, b }, x) => 1 / (1 + Math.exp(-x.reduce((sum, value, k) => sum + value * w[k], b[0])))

/** One step on the mean of the examples' gradients; returns their mean loss. */
function train(optimizer, examples) {
  const { params, grads } = optimizer
  optimizer.zeroGrad()
  let loss = 0
  for (const { x, y } of examples) {
    const p = predict(params, x)
    const error = (p - y) / examples.length
    x.forEach((value, k) => {
      grads.w[k] += error * value
    })
    grads.b[0] += error
    loss -= Math.log(Math.max(y ? p : 1 - p, 1e-12)) / examples.length
  }
  optimizer.step()
  return loss
}

const isExample = (example) =>
  Array.isArray(example?.x) &&
  example.x.length === FEATURES &&
  example.x.every(Number.isFinite) &&
  (example.y === 0 || example.y === 1)

/** Holds one model; a Durable Object takes requests one at a time, so that no step is lost. */
export class Model {
  constructor({ storage }) {
    this.storage = storage
  }

  async fetch(request) {
    const optimizer = restore(await this.storage.get('model'))
    const { examples, x } = await request.json().catch(() => ({}))
    if (Array.isArray(x)) return Response.json({ p: predict(optimizer.params, x), step: optimizer.stepCount })
    if (!Array.isArray(examples) || examples.length > MOST_EXAMPLES || !examples.every(isExample)) {
      return Response.json(
        { error: `examples must be [{ x: ${FEATURES} numbers, y: 0 or 1 }]` },
        { status: 400 },
      )
    }
    const loss = examples.length > 0 ? train(optimizer, examples) : null
    await this.storage.put(
      'model',
      encodeState({ params: optimizer.params, optimizer: optimizer.stateDict() }),
    )
    return Response.json({ loss, step: optimizer.stepCount, backend: optimizer.backend.name })
  }
}

export default {
  fetch: (request, env) => env.MODEL.get(env.MODEL.idFromName('model')).fetch(request),
}
