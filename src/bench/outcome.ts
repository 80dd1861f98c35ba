// What a run finds out.
import { createHash } from 'node:crypto'
import type { Tensors } from '../problem'
import type { RunRecord } from './records'

/** What a run finds out, of a RunRecord. */
export type Outcome = Pick<
  RunRecord,
  | 'outcome'
  | 'reason'
  | 'backend'
  | 'isa'
  | 'hash'
  | 'initialLoss'
  | 'finalLoss'
  | 'bestLoss'
  | 'validation'
  | 'curve'
  | 'trajectory'
  | 'stepsToTarget'
  | 'secondsToTarget'
  | 'seconds'
  | 'steps'
>

/** What is known of a run that told nothing. */
export const NOTHING: Omit<Outcome, 'outcome' | 'reason'> = {
  backend: '',
  isa: '',
  hash: null,
  initialLoss: null,
  finalLoss: null,
  bestLoss: null,
  validation: null,
  curve: { step: [], loss: [], metric: [] },
  trajectory: null,
  stepsToTarget: null,
  secondsToTarget: null,
  seconds: { total: 0, gradient: 0, optimizer: 0 },
  steps: 0,
}

/** The first 16 hexadecimal digits of SHA-256 over all bytes, tensors in order; a NaN counts as any other. */
export function fingerprint(tensors: Tensors): string {
  const hash = createHash('sha256')
  for (const tensor of Object.values(tensors)) {
    const same = tensor.map((x) => (Number.isNaN(x) ? Number.NaN : x))
    hash.update(new Uint8Array(same.buffer, same.byteOffset, same.byteLength))
  }
  return hash.digest('hex').slice(0, 16)
}
