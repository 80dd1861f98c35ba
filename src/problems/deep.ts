// Deep narrow networks on the wine data, most of them badly initialised: their gradients vanish or explode.
import { init } from 'cauchy'
import type { Activation } from './dense'
import type { ProblemEntry } from './entry'
import { crossEntropy } from './losses'
import { createNetwork, type NetworkOptions } from './network'
import { readTable, standardized } from './table'

/** 10 layers in all. */
const HIDDEN = Array<number>(9).fill(12)

function deep(
  name: string,
  summary: string,
  activation: Activation,
  initialize: NonNullable<NetworkOptions['initialize']>,
  target: number,
): ProblemEntry {
  const create = () =>
    createNetwork({
      name,
      table: standardized(readTable('wine.csv')),
      hidden: HIDDEN,
      activation,
      outputs: 3,
      loss: crossEntropy,
      initialize,
      length: 60,
      target: { metric: 'validation.loss', value: target, mode: 'min' },
    })
  return { name, kind: 'data', summary, create }
}

/** Normal with the deviation gain/√inputs: at gain 1 a linear layer keeps the size of what passes through it. */
const scaled =
  (gain: number): NonNullable<NetworkOptions['initialize']> =>
  (w, shape, random) =>
    init.normal(w, { std: gain / Math.sqrt(shape[1]), random })

export const deepNetworks = [
  deep(
    'deep-tanh',
    '10 narrow layers of tanh, orthogonal at first: gradients keep their size',
    'tanh',
    (w, shape, random) => init.orthogonal(w, { shape, random }),
    0.1,
  ),
  deep(
    'deep-tanh-vanishing',
    '10 narrow layers of tanh, weights 0.6 times as large as they should be: gradients vanish',
    'tanh',
    scaled(0.6),
    0.1,
  ),
  deep(
    'deep-tanh-exploding',
    '10 narrow layers of tanh, weights six times as large as they should be: gradients explode',
    'tanh',
    scaled(6),
    0.6,
  ),
  deep(
    'deep-sigmoid-vanishing',
    '10 narrow layers of sigmoids, each of which shrinks gradients fourfold at least',
    'sigmoid',
    scaled(1),
    0.8,
  ),
]
