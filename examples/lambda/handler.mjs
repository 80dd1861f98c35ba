// A function for AWS Lambda: fits a line to the points of an event, and goes on with the next event.
import { Adam, decodeState } from 'cauchy'
import { readState, writeState } from 'cauchy/files'

// Kept while the instance is warm; a mounted EFS folder keeps it for all instances.
const path = process.env.STATE_PATH ?? '/tmp/line.safetensors'
const STEPS = 200

export async function handler(event) {
  const { points, state } = JSON.parse(event.body ?? '{}')
  const valid = (points ?? []).every((point) => point?.length === 2 && point.every(Number.isFinite))
  if (!Array.isArray(points) || points.length === 0 || !valid) {
    return { statusCode: 400, body: JSON.stringify({ error: 'points must be [[x, y], …]' }) }
  }

  // A state in the event, from another place, comes before the one that is here.
  const saved = state ? decodeState(Buffer.from(state, 'base64')) : await readState(path).catch(ifMissing)
  const line = new Adam({ line: saved?.params.line ?? new Float64Array(2) }, { lr: 0.1 })
  if (saved) line.loadStateDict(saved.optimizer)

  const { line: p } = line.params
  const g = line.grads.line
  for (let t = 0; t < STEPS; t++) {
    g.fill(0)
    for (const [x, y] of points) {
      const error = (2 * (p[0] + p[1] * x - y)) / points.length
      g[0] += error
      g[1] += error * x
    }
    line.step()
  }
  await writeState(path, { params: line.params, optimizer: line.stateDict() })
  return {
    statusCode: 200,
    body: JSON.stringify({ intercept: p[0], slope: p[1], steps: line.stepCount, backend: line.backend.name }),
  }
}

function ifMissing(error) {
  if (error.code !== 'ENOENT') throw error
}
