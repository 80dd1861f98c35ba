// Settled findings of the literature, as `cauchy bench` itself reports them: tuned at equal budgets, over seeds.
import { expect, test } from 'vitest'
import { readResults } from '../src/bench/records'
import { summarize } from '../src/bench/summary/index'
import { cauchy, directory } from './bench-command'

async function bench(problem: string, optimizers: string) {
  const out = directory()
  const args = [
    '--problem',
    problem,
    '--optimizer',
    optimizers,
    '--trials',
    '15',
    '--seeds',
    '3',
    '--out',
    out,
  ]
  const { code, stderr } = await cauchy(['bench', ...args])
  expect(code, stderr).toBe(0)
  const { studies } = summarize(readResults(out))
  return (optimizer: string) => {
    const found = studies.find((study) => study.optimizer === optimizer)
    if (found === undefined) throw new Error(optimizer)
    return {
      steps: found.stepsToTarget?.median ?? Number.POSITIVE_INFINITY,
      value: found.finalValue.median,
      best: found.best,
    }
  }
}

test('in a ravine momentum reaches the target, plain descent does not', async () => {
  const of = await bench('ravine', 'SGD,SGD-momentum,AdamW')
  expect(of('SGD').steps).toBe(Number.POSITIVE_INFINITY)
  expect(of('SGD-momentum').steps).toBeLessThan(200)
  // Its minimum is the origin: decay would walk there without a gradient.
  expect(of('AdamW').best?.options.weightDecay).toBe(0)
})

test('on badly scaled features adaptive rules reach the target, descent with or without momentum does not', async () => {
  const of = await bench('wine-unscaled', 'SGD,SGD-momentum,Adagrad,RMSprop,Adam')
  for (const name of ['SGD', 'SGD-momentum']) expect(of(name).steps, name).toBe(Number.POSITIVE_INFINITY)
  for (const name of ['Adagrad', 'RMSprop', 'Adam']) expect(of(name).steps, name).toBeLessThan(400)
})

test('on sparse features adaptive rules need less than half the steps of plain descent', async () => {
  const of = await bench('sparse-logistic', 'SGD,Adagrad,Adam')
  for (const name of ['Adagrad', 'Adam']) expect(of(name).steps, name).toBeLessThan(of('SGD').steps / 2)
})
