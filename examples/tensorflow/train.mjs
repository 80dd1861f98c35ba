// A model of TensorFlow.js, trained by AdamW with a warm-up: neither is in tf.train.
import { AdamW, ParamScheduler, schedules, splitByDecay } from 'cauchy'
import { toTfjs } from 'cauchy/tfjs'

/** Fits y = sin(x) with a small network; returns the mean squared errors, epoch by epoch. */
export async function train(tf, epochs = 30) {
  let scheduler
  const optimizer = toTfjs(tf, (params) => {
    const adamw = new AdamW(splitByDecay(params), { lr: 0.02, weightDecay: 1e-3 })
    const schedule = schedules.warmupCosine({ lr: 0.02, warmupSteps: 10, totalSteps: 4 * epochs })
    scheduler = new ParamScheduler(adamw, { param: 'lr', schedule })
    return adamw
  })
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, activation: 'tanh', inputShape: [1], kernelInitializer: seeded(tf, 1) }),
      tf.layers.dense({ units: 1, kernelInitializer: seeded(tf, 2) }),
    ],
  })
  model.compile({ optimizer, loss: 'meanSquaredError' })

  const x = tf.linspace(-3, 3, 128)
  const [xs, ys] = [tf.reshape(x, [128, 1]), tf.reshape(tf.sin(x), [128, 1])]
  const { history } = await model.fit(xs, ys, {
    epochs,
    batchSize: 32,
    verbose: 0,
    callbacks: { onBatchEnd: () => scheduler.step() },
  })
  return history.loss
}

const seeded = (tf, seed) => tf.initializers.glorotUniform({ seed })

if (import.meta.url === `file://${process.argv[1]}`) {
  const loss = await train(await import('@tensorflow/tfjs'))
  console.log(`mean squared error ${loss[0].toFixed(4)} → ${loss.at(-1).toFixed(4)}`)
}
