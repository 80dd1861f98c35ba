// Gradients that are never written would be the zeros that their memory began with, and look like a minimum.
import type { Tensors } from '../problem'
import type { Model } from './model'

/** Fills the gradients with NaN before they are first computed; those of frozen parameters nobody needs to write. */
export function expectGradients({ optimizer, grads }: Model): void {
  const frozen = new Set(optimizer.frozen)
  for (const name in grads) if (!frozen.has(name)) grads[name].fill(Number.NaN)
}

/** The first element that is NaN, in words, if there is one. */
export function findNaN(grads: Tensors): string | undefined {
  for (const [name, array] of Object.entries(grads)) {
    const i = array.findIndex(Number.isNaN)
    if (i >= 0) return `Element ${i} of the gradient of ${name}`
  }
  return undefined
}
