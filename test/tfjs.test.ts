// cauchy/tfjs: models of TensorFlow.js trained by our optimizers, against its own and against plain loops of ours.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Adam, AdamW, EMA, Lookahead, SAM, ScheduleFreeAdamW, SGD, StepLR, splitByDecay } from 'cauchy'
import { type MakeOptimizer, toTfjs } from 'cauchy/tfjs'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { folder, installTensorFlow, loadTensorFlow } from './tensorflow'

const missing = installTensorFlow()
if (missing) console.warn(missing)

// biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js' types are not installed with the package
type Any = any
let tf: Any
beforeAll(async () => {
  if (!missing) tf = await loadTensorFlow()
})
beforeEach(() => tf?.disposeVariables())

const rows = readFileSync(new URL('../src/problems/data/digits.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1, 129)
  .map((line) => line.split(',').map(Number))

/** 128 digits, and a network of 64 → 12 → 10 with the same weights every time. */
function digits() {
  const x = tf.tensor2d(rows.map((row) => row.slice(0, 64).map((pixel) => pixel / 16)))
  const y = tf.oneHot(
    tf.tensor1d(
      rows.map((row) => row[64]),
      'int32',
    ),
    10,
  )
  const weights = (seed: number) => tf.initializers.glorotUniform({ seed })
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 12, activation: 'tanh', inputShape: [64], kernelInitializer: weights(1) }),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: weights(2) }),
    ],
  })
  return { x, y, model }
}

async function train(optimizer: Any, epochs = 3) {
  const { x, y, model } = digits()
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  const { history } = await model.fit(x, y, {
    epochs,
    batchSize: 32,
    shuffle: false,
    verbose: 0,
    yieldEvery: 'never',
  })
  return { loss: history.loss as number[], weights: weightsOf(model), model, x, y }
}

const weightsOf = (model: Any): Float32Array[] => model.getWeights().map((w: Any) => w.dataSync().slice())

function expectClose(
  got: readonly ArrayLike<number>[],
  want: readonly ArrayLike<number>[],
  tolerance: number,
) {
  expect(got.map(({ length }) => length)).toEqual(want.map(({ length }) => length))
  got.forEach((array, t) => {
    for (let i = 0; i < array.length; i++)
      expect(Math.abs(array[i] - want[t][i])).toBeLessThanOrEqual(tolerance)
  })
}

const weights = (...values: number[]) => tf.tidy(() => tf.variable(tf.tensor1d(values)))
const squares = (v: Any) => tf.sum(tf.square(v))

describe.skipIf(missing !== undefined)('a model', () => {
  test("is trained as by TensorFlow.js' own Adam, with its preset", async () => {
    const own = await train(tf.train.adam(0.01))
    const ours = await train(toTfjs(tf, (params) => new Adam(params, { lr: 0.01, preset: 'tfjs' })))
    expectClose(ours.weights, own.weights, 5e-6)
    expectClose([ours.loss], [own.loss], 1e-5)
    expect(ours.loss[2]).toBeLessThan(0.9 * ours.loss[0])
  })

  test("is trained as by TensorFlow.js' own momentum", async () => {
    const own = await train(tf.train.momentum(0.1, 0.9))
    const ours = await train(toTfjs(tf, (params) => new SGD(params, { lr: 0.1, momentum: 0.9 })))
    expectClose(ours.weights, own.weights, 1e-5)
  })

  test('is trained as by a plain loop over its gradients: groups, wrappers and schedulers', async () => {
    const make = (params: Record<string, readonly number[]>) => {
      const inner = new AdamW(splitByDecay(params as never), { lr: 0.01, weightDecay: 0.1 })
      return new EMA(new Lookahead(inner, { k: 3 }), { decay: 0.9 })
    }
    const ours = await train(toTfjs(tf, make), 2)

    const { x, y, model } = digits()
    const variables = model.trainableWeights.map((w: Any) => w.read())
    const opt = make(Object.fromEntries(variables.map((v: Any) => [v.name, v.shape])))
    for (const v of variables) (opt.params as Any)[v.name].set(v.dataSync())
    for (let batch = 0; batch < 8; batch++) {
      const from = (batch % 4) * 32
      const [xs, ys] = [tf.slice(x, [from], [32]), tf.slice(y, [from], [32])]
      const loss = () => tf.mean(tf.metrics.categoricalCrossentropy(ys, model.apply(xs, { training: true })))
      const { grads } = tf.variableGrads(loss, variables)
      for (const v of variables) (opt.grads as Any)[v.name].set(grads[v.name].dataSync())
      opt.step()
      for (const v of variables) v.assign(tf.tensor((opt.params as Any)[v.name].slice(), v.shape))
    }
    expectClose(ours.weights, weightsOf(model), 1e-6)
  })

  test('keeps no tensor of a step', async () => {
    const optimizer = toTfjs(tf, (params) => new AdamW(params))
    const { model, x, y } = await train(optimizer, 1)
    const { numTensors, numBytes } = tf.memory()
    await model.fit(x, y, { epochs: 2, verbose: 0 })
    const v = weights(1, 2)
    for (let t = 0; t < 3; t++) (optimizer as Any).minimize(() => squares(v), false, [v])
    v.dispose()
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(tf.memory().numBytes).toBe(numBytes)
    ;(optimizer as Any).dispose()
    expect(optimizer.optimizers).toEqual([])
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  test('is saved with its optimizer, loaded, and goes on the same', async () => {
    const make: MakeOptimizer = (params) => new AdamW(params, { lr: 0.01 })
    const optimizer: Any = toTfjs(tf, make)
    const { model, x, y } = await train(optimizer, 2)
    let artifacts: Any
    const save = async (given: Any) => {
      artifacts = given
      return { modelArtifactsInfo: {} }
    }
    await model.save(tf.io.withSaveHandler(save), { includeOptimizer: true })
    tf.serialization.registerClass(optimizer.constructor)
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts))
    const more = { epochs: 1, batchSize: 32, shuffle: false, verbose: 0 }
    await model.fit(x, y, more)
    await loaded.fit(x, y, more)
    expect(loaded.optimizer.iterations).toBe(12)
    expect(loaded.optimizer.optimizers[0].stepCount).toBe(12)
    expectClose(weightsOf(loaded), weightsOf(model), 0)
  })
})

test.skipIf(missing !== undefined)('the model of examples/tensorflow', async () => {
  const { train } = await import('../examples/tensorflow/train.mjs' as string)
  const loss: number[] = await train(tf)
  expect(loss.length).toBe(30)
  expect(loss[29]).toBeLessThan(0.1 * loss[0])
})

describe.skipIf(missing !== undefined)('an optimizer', () => {
  const sgd: MakeOptimizer = (params) => new SGD(params, { lr: 0.1, momentum: 0.5 })

  test('is one, and minimizes', () => {
    const optimizer: Any = toTfjs(tf, sgd)
    expect(optimizer).toBeInstanceOf(tf.Optimizer)
    expect(optimizer.getClassName()).toBe('Cauchy')
    const v = weights(5, -3)
    const cost = optimizer.minimize(() => squares(v), true)
    expect(cost.dataSync()[0]).toBe(34)
    expectClose([v.dataSync()], [[4, -2.4]], 1e-6)
    expect(optimizer.iterations).toBe(1)
  })

  test('gives variables added later a state of their own, and leaves those without a gradient alone', () => {
    const optimizer: Any = toTfjs(tf, sgd)
    const [a, b] = [weights(1), weights(1)]
    const square = (v: Any) => () => squares(v)
    optimizer.minimize(square(a), false, [a]) // a: m = 2, 0.8
    optimizer.minimize(() => tf.add(squares(a), squares(b)), false, [a, b]) // a: m = 2.6, 0.54; b: m = 2, 0.8
    optimizer.minimize(square(b), false, [b]) // b: m = 2.6, 0.54
    expectClose([a.dataSync(), b.dataSync()], [[0.54], [0.54]], 1e-6)
    expect(optimizer.optimizers.map(({ params }: Any) => Object.keys(params))).toEqual([[a.name], [b.name]])
    expect(optimizer.optimizers.map(({ stepCount }: Any) => stepCount)).toEqual([2, 2])
  })

  test('sees what is assigned to variables between steps', () => {
    const optimizer: Any = toTfjs(tf, (params) => new SGD(params, { lr: 0.1 }))
    const v = weights(1)
    optimizer.minimize(() => squares(v))
    v.assign(tf.tensor1d([10]))
    optimizer.minimize(() => squares(v))
    expectClose([v.dataSync()], [[8]], 1e-6)
  })

  test('has a learning rate to read and set, schedulers in make included', () => {
    const optimizer: Any = toTfjs(tf, (params) => {
      const opt = new SGD(params, { lr: 0.1 })
      const scheduler = new StepLR(opt, { stepSize: 1, gamma: 0.5 })
      return Object.assign(opt, { scheduler })
    })
    const [v, later] = [weights(1), weights(1)]
    expect(optimizer.learningRate).toBeUndefined()
    optimizer.minimize(() => squares(v), false, [v])
    expect(optimizer.learningRate).toBe(0.1)
    optimizer.optimizers[0].scheduler.step()
    expect(optimizer.learningRate).toBe(0.05)
    expect(() => {
      optimizer.learningRate = -1
    }).toThrow(RangeError)
    optimizer.learningRate = 0.25
    optimizer.minimize(() => squares(later), false, [later])
    expectClose([later.dataSync()], [[0.5]], 1e-6)
  })

  test('evaluates where its rules say, and goes back', () => {
    const [v, plain] = [weights(1, 2), { w: Float32Array.of(1, 2) }]
    const optimizer: Any = toTfjs(tf, (params) => new ScheduleFreeAdamW(params, { lr: 0.1 }))
    const own = new ScheduleFreeAdamW(plain, { lr: 0.1 })
    for (let t = 0; t < 3; t++) {
      optimizer.minimize(() => squares(v))
      own.step({ w: plain.w.map((x) => 2 * x) })
    }
    const live = v.dataSync().slice()
    optimizer.eval()
    own.eval()
    expect([...v.dataSync()]).toEqual([...plain.w])
    expect([...live]).not.toEqual([...plain.w])
    optimizer.train()
    expectClose([v.dataSync()], [live], 1e-6)
  })

  test('carries its state in its weights', async () => {
    const [v, w] = [weights(1, 2), weights(3)]
    const steps = (optimizer: Any) => {
      optimizer.minimize(() => squares(v), false, [v])
      optimizer.minimize(() => squares(w), false, [w])
    }
    const optimizer: Any = toTfjs(tf, sgd)
    steps(optimizer)
    const saved = await optimizer.getWeights()
    const before = [v.dataSync().slice(), w.dataSync().slice()]
    steps(optimizer)
    const after = [v.dataSync().slice(), w.dataSync().slice()]

    v.assign(tf.tensor1d(before[0]))
    w.assign(tf.tensor1d(before[1]))
    const other: Any = toTfjs(tf, sgd)
    await other.setWeights(saved)
    expect(other.iterations).toBe(2)
    steps(other)
    expectClose([v.dataSync(), w.dataSync()], after, 0)

    const stranger: Any = toTfjs(tf, sgd)
    await stranger.setWeights(saved)
    const third = weights(1, 2, 3)
    expect(() => stranger.minimize(() => squares(third), false, [third])).toThrow(
      /variables must be those of the weights that were set/,
    )

    const state = () => JSON.stringify(other.optimizers.map((opt: Any) => opt.stateDict()))
    const unchanged = state()
    const damaged = tf.tensor1d(
      saved[1].tensor.dataSync().map((x: number, i: number) => (i === 50 ? ~x : x)),
      'int32',
    )
    await expect(other.setWeights([saved[0], { name: 'cauchy', tensor: damaged }])).rejects.toThrow(
      /checksum/,
    )
    await expect(other.setWeights([saved[0]])).rejects.toThrow(/weights must be what getWeights returns/)
    expect(state()).toBe(unchanged)
    expect(other.iterations).toBe(4)
  })

  test.each<[string, (v: Any) => unknown, RegExp]>([
    [
      'no module',
      () => toTfjs({} as never, sgd),
      /^toTfjs: tf must be TensorFlow.js, the module, got Object$/,
    ],
    ['no function', () => toTfjs(tf, 7 as never), /^toTfjs: make must be a function, got 7$/],
    [
      'no optimizer',
      (v) => one(() => 7 as never, { [v.name]: v }),
      /make's result must be an optimizer, got 7$/,
    ],
    [
      'a closure wanted',
      (v) => one((p) => new SAM(new SGD(p)), { [v.name]: v }),
      /steps on gradients, got one that needs a closure$/,
    ],
    [
      'other parameters',
      (v) => one(() => new SGD({ a: [2] }), { [v.name]: v }),
      /make's optimizer must be of the parameters given to make, got \["a"\]$/,
    ],
    [
      'an unknown variable',
      (v) => one(sgd, { [v.name]: v, nobody: v }),
      /"nobody" must be a variable's name$/,
    ],
    [
      'a gradient of another shape',
      (v) => one(sgd, { [v.name]: tf.scalar(1) }),
      /gradient "\w+" must be of shape \[2\], got \[\]$/,
    ],
  ])('refuses %s, before anything is changed', (_title, run, message) => {
    const v = weights(1, 2)
    expect(() => run(v)).toThrow(message)
    expect([...v.dataSync()]).toEqual([1, 2])
  })
  const one = (make: MakeOptimizer, grads: Any) => (toTfjs(tf, make) as Any).applyGradients(grads)

  test('refuses a variable whose shape or type is not what it was', () => {
    const optimizer: Any = toTfjs(tf, sgd)
    const v = tf.variable(tf.tensor1d([1, 2]), true, 'same')
    optimizer.applyGradients({ same: v })
    v.dispose()
    tf.variable(tf.tensor1d([1, 2, 3]), true, 'same')
    expect(() => optimizer.applyGradients({ same: tf.ones([3]) })).toThrow(
      /"same" must be of shape \[2\], got \[3\]$/,
    )
    tf.variable(tf.tensor1d([1], 'int32'), true, 'whole')
    expect(() => optimizer.applyGradients({ whole: tf.ones([1]) })).toThrow(
      /"whole" must be of dtype float32, got "int32"$/,
    )
    expect(optimizer.iterations).toBe(1)
  })
})

test.skipIf(missing !== undefined)('the types fit those of TensorFlow.js', () => {
  const tsc = new URL('../node_modules/typescript/bin/tsc', import.meta.url).pathname
  expect(execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })).toBe('')
})
