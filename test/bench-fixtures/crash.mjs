// Does at different rates all that a problem must not: throws, ends the process, hangs, eats the memory.
let calls = 0
const memory = []

function misbehave(lr) {
  if (lr > 5) for (;;);
  if (lr > 0.5) while (true) memory.push(new Array(1e6).fill(lr))
  if (lr > 0.05) throw new TypeError('no rate above 0.05')
  if (lr > 0.005) process.exit(3)
}

export default {
  name: 'crash',
  length: 20,
  params: () => ({ x: Float64Array.of(1) }),
  lossAndGrad({ x }, { x: g }) {
    // SGD's rate shows in its first step.
    if (calls++ === 2) misbehave(1 - x[0])
    g[0] = x[0]
    return 0.5 * x[0] ** 2
  },
}
