// A character-level language model on ten of Shakespeare's sonnets.
import { createRandom, init, type Tensors } from 'cauchy'
import { createStack } from './dense'
import type { BenchProblem, ProblemEntry } from './entry'
import { crossEntropy } from './losses'
import { readData } from './table'

const CONTEXT = 5
const EMBEDDING = 6
const HIDDEN = 24

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

/** Characters as numbers, and where the last poem begins, which is for validation. */
function encode(text: string) {
  const alphabet = [...new Set(text)].sort()
  const poems = text.split('\n\n')
  return {
    codes: Uint8Array.from(text, (character) => alphabet.indexOf(character)),
    characters: alphabet.length,
    held: text.length - poems[poems.length - 1].length,
  }
}

/** Parameters in float32: `embedding` [characters × 6], `w1`, `b1`, `w2`, `b2`. */
function createModel(codes: Uint8Array, characters: number, train: number): BenchProblem {
  const shapes = {
    embedding: [characters, EMBEDDING],
    w1: [HIDDEN, CONTEXT * EMBEDDING],
    w2: [characters, HIDDEN],
  }
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
    shapes,
    length: 4,
    target: { metric: 'validation.loss', value: 2.45, mode: 'min' },
    params(seed) {
      const random = createRandom(seed)
      const weights = (shape: number[]) =>
        init.xavierUniform(new Float32Array(shape[0] * shape[1]), { shape, random })
      return {
        embedding: init.normal(new Float32Array(characters * EMBEDDING), { random }),
        w1: weights(shapes.w1),
        b1: new Float32Array(HIDDEN),
        w2: weights(shapes.w2),
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
