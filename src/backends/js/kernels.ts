// Every kernel of the JavaScript tier by name. A kernel reads its rule's coefficients from r, those of the
// gradient from c.
import type { KernelName } from '../../kernels'
import type { Arrays, Coefficients, Sums } from './lanes'
import { adagrad } from './rules/adagrad'
import { adamw } from './rules/adamw'
import { clip, gradient, squares } from './rules/gradient'
import { lambMoments, lambUpdate } from './rules/lamb'
import { rmsprop } from './rules/rmsprop'
import { sgd, sgdMomentum } from './rules/sgd'
import { stream } from './rules/stream'

export type Kernel = (
  a: Arrays,
  c: Coefficients,
  r: Coefficients,
  s: Sums,
  begin: number,
  end: number,
) => void

export const kernels: Record<KernelName, Kernel> = {
  stream: (a, _c, _r, _s, begin, end) => stream(a, begin, end),
  squares: (a, c, _r, s, begin, end) => squares(a, c, s, begin, end),
  gradient: (a, c, _r, _s, begin, end) => gradient(a, c, begin, end, false),
  gradientDecayed: (a, c, _r, _s, begin, end) => gradient(a, c, begin, end, true),
  clip: (a, c, _r, _s, begin, end) => clip(a, c, begin, end),
  sgd: (a, _c, r, _s, begin, end) => sgd(a, r, begin, end),
  sgdMomentum: (a, _c, r, _s, begin, end) => sgdMomentum(a, r, begin, end, false),
  sgdNesterov: (a, _c, r, _s, begin, end) => sgdMomentum(a, r, begin, end, true),
  adagrad: (a, _c, r, _s, begin, end) => adagrad(a, r, begin, end),
  rmsprop: (a, _c, r, _s, begin, end) => rmsprop(a, r, begin, end, false, false),
  rmspropCentered: (a, _c, r, _s, begin, end) => rmsprop(a, r, begin, end, true, false),
  rmspropMomentum: (a, _c, r, _s, begin, end) => rmsprop(a, r, begin, end, false, true),
  rmspropCenteredMomentum: (a, _c, r, _s, begin, end) => rmsprop(a, r, begin, end, true, true),
  adamw: (a, _c, r, _s, begin, end) => adamw(a, r, begin, end, false),
  adamwAmsgrad: (a, _c, r, _s, begin, end) => adamw(a, r, begin, end, true),
  lambMoments: (a, _c, r, s, begin, end) => lambMoments(a, r, s, begin, end),
  lambUpdate: (a, _c, r, _s, begin, end) => lambUpdate(a, r, begin, end),
}
