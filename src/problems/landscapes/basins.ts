// Landscapes with several minima or a saddle: what is hard is where to go.
import { cos, exp, sin } from '../../math/functions'
import { plane } from './plane'

const TAU = 2 * Math.PI
/** The roots of 4·t³ − 32·t + 5, halved: where Styblinski and Tang's function of one unknown is least. */
const DEEP = -2.903534027771178
const SHALLOW = 2.746802741764466
/** Where the camel's outer humps have their dips. */
const CAMEL = [1.7475523458, -0.8737761729] as const

export const basins = [
  plane({
    name: 'himmelblau',
    summary: 'Himmelblau: (x² + y − 11)² + (x + y² − 7)², four equal minima',
    f(x, y, g) {
      const a = x * x + y - 11
      const b = x + y * y - 7
      g[0] = 4 * x * a + 2 * b
      g[1] = 2 * a + 4 * y * b
      return a * a + b * b
    },
    start: [0, 0],
    target: 1e-5,
    length: 200,
    view: {
      x: [-5, 5],
      y: [-5, 5],
      minima: [
        [3, 2],
        [-2.805118086953, 3.131312518251],
        [-3.779310253378, -3.283185991286],
        [3.584428340331, -1.848126526964],
      ],
      logScale: true,
    },
  }),
  plane({
    name: 'rastrigin',
    summary: 'Rastrigin: 20 + Σ (x² − 10·cos 2πx), a bowl with a minimum near every integer point',
    f(x, y, g) {
      g[0] = 2 * x + 10 * TAU * sin(TAU * x)
      g[1] = 2 * y + 10 * TAU * sin(TAU * y)
      return 20 + x * x - 10 * cos(TAU * x) + y * y - 10 * cos(TAU * y)
    },
    start: [2.4, -1.6],
    target: 4.2,
    length: 500,
    view: { x: [-5.12, 5.12], y: [-5.12, 5.12], minima: [[0, 0]] },
  }),
  plane({
    name: 'ackley',
    summary: 'Ackley: a rippled plain around a steep, cornered hole',
    // −20·e^(−0.2·√(r²/2)) − e^((cos 2πx + cos 2πy)/2) + 20 + e
    f(x, y, g) {
      const root = Math.sqrt((x * x + y * y) / 2)
      const well = 20 * exp(-0.2 * root)
      const ripple = exp((cos(TAU * x) + cos(TAU * y)) / 2)
      // At the corner there is no slope; 0 is one of the subgradients.
      const pull = root === 0 ? 0 : (0.1 * well) / root
      g[0] = pull * x + (TAU / 2) * sin(TAU * x) * ripple
      g[1] = pull * y + (TAU / 2) * sin(TAU * y) * ripple
      return 20 + Math.E - well - ripple
    },
    start: [1.2, -0.7],
    target: 0.05,
    length: 500,
    view: { x: [-5, 5], y: [-5, 5], minima: [[0, 0]] },
  }),
  plane({
    name: 'styblinski-tang',
    summary: 'Styblinski–Tang: ½·Σ (x⁴ − 16x² + 5x), one deep minimum among four',
    f(x, y, g) {
      g[0] = 2 * x * x * x - 16 * x + 2.5
      g[1] = 2 * y * y * y - 16 * y + 2.5
      return (x * x * (x * x - 16) + 5 * x + y * y * (y * y - 16) + 5 * y) / 2
    },
    start: [0, 4],
    target: -78.33,
    length: 200,
    view: {
      x: [-5, 5],
      y: [-5, 5],
      minima: [
        [DEEP, DEEP],
        [DEEP, SHALLOW],
        [SHALLOW, DEEP],
        [SHALLOW, SHALLOW],
      ],
    },
  }),
  plane({
    name: 'three-hump-camel',
    summary: 'Three-hump camel: 2x² − 1.05x⁴ + x⁶/6 + xy + y², the least of three minima in the middle',
    f(x, y, g) {
      const squared = x * x
      g[0] = x * (4 + squared * (squared - 4.2)) + y
      g[1] = x + 2 * y
      return squared * (2 + squared * (squared / 6 - 1.05)) + x * y + y * y
    },
    start: [-2, 2],
    target: 1e-4,
    length: 200,
    view: {
      x: [-2.5, 2.5],
      y: [-2.5, 2.5],
      minima: [
        [0, 0],
        [CAMEL[0], CAMEL[1]],
        [-CAMEL[0], -CAMEL[1]],
      ],
      logScale: true,
    },
  }),
  plane({
    name: 'monkey-saddle',
    summary: 'Monkey saddle x³ − 3xy², whose curvature is zero at the saddle; ¼r⁴ keeps it finite',
    f(x, y, g) {
      const squared = x * x + y * y
      g[0] = 3 * (x * x - y * y) + squared * x
      g[1] = -6 * x * y + squared * y
      return x * x * x - 3 * x * y * y + (squared * squared) / 4
    },
    start: [0.1, 0.001],
    spread: 0.01,
    target: -6.7,
    length: 300,
    view: {
      x: [-4, 4],
      y: [-4, 4],
      minima: [
        [-3, 0],
        [1.5, 1.5 * Math.sqrt(3)],
        [1.5, -1.5 * Math.sqrt(3)],
      ],
    },
  }),
]
