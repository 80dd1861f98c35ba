// Kills the whole process at high rates of SGD, as a faulty addon would.
import valley from './valley.mjs'

export default {
  ...valley,
  name: 'deadly',
  lossAndGrad(params, grads) {
    if (Math.abs(params.x[1]) > 2) process.kill(process.pid, 'SIGKILL')
    return valley.lossAndGrad(params, grads)
  },
}
