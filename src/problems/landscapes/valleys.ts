// Landscapes with one valley or basin: what is hard is its shape.
import { plane } from './plane'

export const valleys = [
  plane({
    name: 'rosenbrock',
    summary: 'Rosenbrock: (1 − x)² + 100·(y − x²)², a curved, flat-bottomed valley',
    f(x, y, g) {
      const a = 1 - x
      const b = y - x * x
      g[0] = -2 * a - 400 * x * b
      g[1] = 200 * b
      return a * a + 100 * b * b
    },
    start: [-1.2, 1],
    target: 1e-3,
    length: 2000,
    view: { x: [-2, 2], y: [-1, 3], minima: [[1, 1]], logScale: true },
  }),
  plane({
    name: 'beale',
    summary: 'Beale: a plateau that falls into a narrow, bent valley',
    // Σₖ (cₖ − x + x·yᵏ)²
    f(x, y, g) {
      const a = 1.5 - x + x * y
      const b = 2.25 - x + x * y * y
      const c = 2.625 - x + x * y * y * y
      g[0] = 2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1))
      g[1] = 2 * x * (a + 2 * b * y + 3 * c * y * y)
      return a * a + b * b + c * c
    },
    start: [1, 1],
    target: 1e-4,
    length: 1000,
    view: { x: [-4.5, 4.5], y: [-4.5, 4.5], minima: [[3, 0.5]], logScale: true },
  }),
  plane({
    name: 'booth',
    summary: 'Booth: (x + 2y − 7)² + (2x + y − 5)², a bowl of condition number 9',
    f(x, y, g) {
      const a = x + 2 * y - 7
      const b = 2 * x + y - 5
      g[0] = 2 * a + 4 * b
      g[1] = 4 * a + 2 * b
      return a * a + b * b
    },
    start: [-6, -4],
    target: 1e-6,
    length: 200,
    view: { x: [-10, 10], y: [-10, 10], minima: [[1, 3]], logScale: true },
  }),
  plane({
    name: 'ravine',
    summary: 'A quadratic of condition number 1000 whose long axis lies 30° off the x axis',
    // ½(u² + 1000·v²) with (u, v) the point turned by 30°
    f(x, y, g) {
      const [cosine, sine] = [Math.sqrt(3) / 2, 0.5]
      const u = cosine * x + sine * y
      const v = cosine * y - sine * x
      g[0] = cosine * u - 1000 * sine * v
      g[1] = sine * u + 1000 * cosine * v
      return (u * u + 1000 * v * v) / 2
    },
    start: [-3, -1],
    target: 1e-3,
    length: 1000,
    view: { x: [-4, 4], y: [-3, 3], minima: [[0, 0]], logScale: true },
  }),
  plane({
    name: 'plateau',
    summary: 'Plateau: r²/(1 + r²), whose gradient fades as r⁻³ away from the minimum',
    f(x, y, g) {
      const squared = x * x + y * y
      const scale = 2 / ((1 + squared) * (1 + squared))
      g[0] = scale * x
      g[1] = scale * y
      return squared / (1 + squared)
    },
    start: [6, -4],
    target: 1e-4,
    length: 500,
    view: { x: [-8, 8], y: [-8, 8], minima: [[0, 0]] },
  }),
]
