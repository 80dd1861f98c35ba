// Logistic regression over words: few of many features are there, some often, most seldom.
import { createRandom } from 'cauchy'
import type { ProblemEntry } from './entry'
import { logistic } from './losses'
import { createNetwork } from './network'
import type { Table } from './table'

const WORDS = 100
const DOCUMENTS = 1000
const SEED = 1847

/** Word k is in a document with probability 1/(k + 1) (Zipf's law) and weighs √(k + 1)·N(0, 1): the rare ones tell more. */
export const sparse: ProblemEntry = {
  name: 'sparse-logistic',
  kind: 'data',
  summary:
    'Made-up documents of words with Zipf’s frequencies: logistic regression, rare features that count',
  create: () =>
    createNetwork({
      name: sparse.name,
      table: draw(),
      outputs: 1,
      loss: logistic,
      initialize: (w) => w.fill(0),
      length: 40,
      target: { metric: 'validation.loss', value: 0.1, mode: 'min' },
    }),
}

function draw(): Table {
  const { normal, uniform } = createRandom(SEED)
  const weights = Float64Array.from({ length: WORDS }, (_, k) => Math.sqrt(k + 1) * normal())
  const features = Float64Array.from({ length: DOCUMENTS * WORDS }, (_, at) =>
    uniform() < 1 / ((at % WORDS) + 1) ? 1 : 0,
  )
  const targets = Float64Array.from({ length: DOCUMENTS }, (_, row) => {
    let sum = 0
    for (let k = 0; k < WORDS; k++) sum += weights[k] * features[row * WORDS + k]
    return sum > 0 ? 1 : 0
  })
  return { features, width: WORDS, targets, count: DOCUMENTS, train: 0.8 * DOCUMENTS }
}
