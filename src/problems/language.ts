// A character-level language model on ten of Shakespeare's sonnets.
import { createRandom, init, type Tensors } from 'cauchy'
import { createStack } from './dense'
import type { BenchProblem, ProblemEntry } from './entry'
import { crossEntropy } from './losses'
import { readData } from './table'

const CONTEXT = 5
const EMBEDDING = 6
const HIDDEN = 32
/** The last two poems are for validation. */
const VALIDATION_POEMS = 2

/** The next character from the `CONTEXT` before it, by their embeddings and a hidden layer: Bengio et al. (2003). */
export const language: ProblemEntry = {
  name: 'char-lm',
  kind: 'data',
  summary: 'The next character of ten sonnets of Shakespeare, from the five before it',
  create() {
    const { codes, characters, held } = encode(readData('sonnets.txt').toLowerCase())
    return createModel(codes, characters, held - CONTEXT)
  },
}

/** Characters as numbers, and where the poems for validation begin. */
function encode(text: string) {
  const alphabet = [...new Set(text)].sort()
  const poems = text.split('\n\n')
  return {
    codes: Uint8Array.from(text, (character) => alphabet.indexOf(character)),
    characters: alphabet.length,
    held: text.length - poems.slice(-VALIDATION_POEMS).join('\n\n').length,
  }
}

/** Parameters in float32: `embedding` [characters × 6], `w1`, `b1`, `w2`, `b2`. */
function createModel(codes: Uint8Array, characters: number, train: number): BenchProblem {
  const widths = [CONTEXT * EMBEDDING, HIDDEN, characters]
  const stack = createStack(widths, 'tanh', { wantsInputSlope: true })
  const { input, inputSlope, output, outputSlope } = stack

  /** The loss in predicting the character behind `at … at + CONTEXT − 1`. */
  function predict(params: Tensors, at: number): number {
    for (let c = 0; c < CONTEXT; c++) {
      const row = codes[at + c] * EMBEDDING
      for (let e = 0; e < EMBEDDING; e++) input[c * EMBEDDING + e] = params.embedding[row + e]
    }
    stack.forward(params)
    return crossEntropy.of(output, codes[at + CONTEXT], outputSlope)
  }

  function backward(params: Tensors, grads: Tensors, at: number): void {
    stack.backward(params, grads)
    for (let c = 0; c < CONTEXT; c++) {
      const row = codes[at + c] * EMBEDDING
      for (let e = 0; e < EMBEDDING; e++) grads.embedding[row + e] += inputSlope[c * EMBEDDING + e]
    }
  }

  return {
    name: language.name,
    data: { train },
    length: 10,
    target: { metric: 'validation.loss', value: 2.4, mode: 'min' },
    params(seed) {
      const random = createRandom(seed)
      const [inputs, hidden] = widths
      return {
        embedding: init.normal(new Float32Array(characters * EMBEDDING), { random }),
        w1: init.xavierUniform(new Float32Array(hidden * inputs), { shape: [hidden, inputs], random }),
        b1: new Float32Array(hidden),
        w2: init.xavierUniform(new Float32Array(characters * hidden), {
          shape: [characters, hidden],
          random,
        }),
        b2: new Float32Array(characters),
      }
    },
    lossAndGrad(params, grads, batch = new Uint32Array()) {
      for (const name in grads) grads[name].fill(0)
      let sum = 0
      for (let b = 0; b < batch.length; b++) {
        sum += predict(params, batch[b])
        for (let k = 0; k < characters; k++) outputSlope[k] /= batch.length
        backward(params, grads, batch[b])
      }
      return sum / batch.length
    },
    /** `loss` in nats a character. */
    validate(params) {
      let [sum, right] = [0, 0]
      const from = train + CONTEXT
      const examples = codes.length - CONTEXT - from
      for (let at = from; at < from + examples; at++) {
        sum += predict(params, at)
        if (crossEntropy.isRight?.(output, codes[at + CONTEXT])) right++
      }
      return { loss: sum / examples, accuracy: right / examples }
    },
  }
}
