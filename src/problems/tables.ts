// Classification and regression on real tables.
import type { ProblemEntry } from './entry'
import { crossEntropy, huber, logistic, squared } from './losses'
import { createNetwork, type NetworkOptions } from './network'
import { readTable, standardized, standardizedTargets, type Table } from './table'

const over = (name: string, summary: string, options: () => Omit<NetworkOptions, 'name'>): ProblemEntry => ({
  name,
  kind: 'data',
  summary,
  create: () => createNetwork({ name, ...options() }),
})

const scaledBy = (table: Table, scale: number): Table => ({
  ...table,
  features: table.features.map((value) => value * scale),
})

/** Every tenth training row with a gross error: the sign turned, five times as large. */
const contaminated = (table: Table): Table => ({
  ...table,
  targets: table.targets.map((y, row) => (row < table.train && row % 10 === 0 ? -5 * y : y)),
})

/** Of `createNetwork`: 8×8 grey levels in [0, 1], ten classes. */
export const digits = () => ({
  table: scaledBy(readTable('digits.csv'), 1 / 16),
  outputs: 10,
  loss: crossEntropy,
})
const diabetes = () => standardizedTargets(standardized(readTable('diabetes.csv')))

export const tables = [
  over('digits-softmax', 'Handwritten digits, 8×8 pixels: softmax regression', () => ({
    ...digits(),
    length: 20,
    target: { metric: 'validation.accuracy', value: 0.955, mode: 'max' },
  })),
  over('digits-mlp', 'Handwritten digits: 64-32-10 with ReLU', () => ({
    ...digits(),
    hidden: [32],
    length: 20,
    target: { metric: 'validation.accuracy', value: 0.965, mode: 'max' },
  })),
  over('breast-cancer', 'Breast cancer, 30 measures of cell nuclei: logistic regression', () => ({
    table: standardized(readTable('breast-cancer.csv')),
    outputs: 1,
    loss: logistic,
    l2: 0.001,
    length: 40,
    target: { metric: 'validation.loss', value: 0.07, mode: 'min' },
  })),
  over('wine', 'Wine, 13 chemical measures, standardised: softmax regression', () => ({
    table: standardized(readTable('wine.csv')),
    outputs: 3,
    loss: crossEntropy,
    l2: 0.01,
    length: 40,
    target: { metric: 'validation.loss', value: 0.046, mode: 'min' },
  })),
  over('wine-unscaled', 'Wine in its raw units, from 0.1 to 1680: softmax regression, badly scaled', () => ({
    table: readTable('wine.csv'),
    outputs: 3,
    loss: crossEntropy,
    initialize: (w) => w.fill(0),
    length: 100,
    target: { metric: 'validation.loss', value: 0.25, mode: 'min' },
  })),
  over('iris-mlp', 'Iris, 4 measures of flowers: 4-8-3 with tanh', () => ({
    table: standardized(readTable('iris.csv')),
    hidden: [8],
    activation: 'tanh',
    outputs: 3,
    loss: crossEntropy,
    length: 60,
    target: { metric: 'validation.loss', value: 0.12, mode: 'min' },
  })),
  over('diabetes-ridge', 'Diabetes after a year from 10 measures: ridge regression', () => ({
    table: diabetes(),
    outputs: 1,
    loss: squared,
    l2: 0.01,
    length: 60,
    target: { metric: 'validation.loss', value: 0.315, mode: 'min' },
  })),
  over(
    'diabetes-huber',
    'Diabetes with a gross error in every tenth row: robust regression by Huber’s loss',
    () => ({
      table: contaminated(diabetes()),
      outputs: 1,
      loss: huber(0.5),
      length: 60,
      target: { metric: 'validation.absoluteError', value: 0.668, mode: 'min' },
    }),
  ),
]
