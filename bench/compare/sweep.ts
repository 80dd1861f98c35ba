// Trains one problem with one optimizer at one learning rate and one seed, and measures what came of it.
import { LambdaLR, type Problem, schedules, fit as train } from 'cauchy'
import type { Contender } from './contenders'
import { fingerprint } from './fingerprint'

export const EPOCHS = 20
export const BATCH_SIZE = 32
export const WARMUP_EPOCHS = 1
export const SEEDS: readonly number[] = [1, 2, 3]
/** What "epochs to 90 %" looks for. */
export const GOAL = 0.9

export interface RunResult {
  seed: number
  /** Some loss or parameter was not finite, or the loss ended higher than it began. */
  diverged: boolean
  /** Mean loss over all training examples, before and after. */
  initialLoss: number
  finalLoss: number
  /** Validation accuracy at the end; chance where the run broke off. */
  accuracy: number
  /** Of the first epoch that ended at `GOAL` or more; null if none did. */
  goal: { epoch: number; seconds: number } | null
  /** Mean training loss of every epoch. */
  losses: number[]
  /** Of the final parameters. */
  hash: string
}

export async function trainOnce(
  problem: Problem,
  contender: Contender,
  lr: number,
  seed: number,
  onEpoch: () => void,
): Promise<RunResult> {
  const params = problem.params(seed)
  const optimizer = contender.create(params, { lr })
  const stepsPerEpoch = Math.ceil((problem.data?.train ?? 1) / BATCH_SIZE)
  const curve = schedules.warmupCosine({
    lr: 1,
    warmupSteps: WARMUP_EPOCHS * stepsPerEpoch,
    totalSteps: EPOCHS * stepsPerEpoch,
  })
  const initialLoss = meanLoss(problem, params)
  const { reason, history } = await train(problem, optimizer, {
    epochs: EPOCHS,
    batchSize: BATCH_SIZE,
    seed,
    scheduler: new LambdaLR(optimizer, { lrLambda: curve }),
    schedulerInterval: 'step',
    target: false,
    onProgress: ({ row }) => row && onEpoch(),
  })
  const finalLoss = meanLoss(problem, params)
  const reached = history.find(({ validation }) => (validation?.accuracy ?? 0) >= GOAL)
  return {
    seed,
    diverged: reason === 'diverged' || !(finalLoss <= initialLoss),
    initialLoss,
    finalLoss,
    accuracy: reason === 'diverged' ? 0.1 : (history.at(-1)?.validation?.accuracy ?? 0),
    goal: reached ? { epoch: reached.epoch, seconds: reached.seconds } : null,
    losses: history.map(({ loss }) => loss),
    hash: fingerprint(params),
  }
}

function meanLoss(problem: Problem, params: ReturnType<Problem['params']>): number {
  const all = Uint32Array.from({ length: problem.data?.train ?? 0 }, (_, i) => i)
  return problem.lossAndGrad(params, problem.params(0), all)
}
