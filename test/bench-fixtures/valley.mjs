// A narrow quadratic valley, ½(x² + 50y²), as a user would write it.
export default {
  name: 'valley',
  length: 200,
  target: { metric: 'loss', value: 1e-3, mode: 'min' },
  view: { x: [-2, 2], y: [-2, 2], minima: [[0, 0]] },
  params: (seed) => ({ x: Float64Array.of(1 + 0.01 * seed, 1) }),
  lossAndGrad({ x }, { x: g }) {
    g[0] = x[0]
    g[1] = 50 * x[1]
    return 0.5 * (x[0] ** 2 + 50 * x[1] ** 2)
  },
}
