// Every kernel by number; the order is that of native/rules.inc and src/kernels.ts. A kernel reads its
// rule's coefficients from r, those of the gradient from c.
import { adagrad } from './rules/adagrad'
import { adamw } from './rules/adamw'
import { clip, gradient, squares } from './rules/gradient'
import { lambMoments, lambUpdate } from './rules/lamb'
import { rmsprop } from './rules/rmsprop'
import { sgd, sgdMomentum } from './rules/sgd'
import { stream } from './rules/stream'

export const GRADIENT = 2
export const GRADIENT_DECAYED = 3

const RULE_OFFSET = 32 // bytes: four coefficients of the gradient come first

export function call<T>(kernel: i32, a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const r = c + RULE_OFFSET
  switch (kernel) {
    case 0: return stream<T>(a, begin, end)
    case 1: return squares<T>(a, c, s, begin, end)
    case 2: return gradient<T>(a, c, begin, end, false)
    case 3: return gradient<T>(a, c, begin, end, true)
    case 4: return clip<T>(a, c, begin, end)
    case 5: return sgd<T>(a, r, begin, end)
    case 6: return sgdMomentum<T>(a, r, begin, end, false)
    case 7: return sgdMomentum<T>(a, r, begin, end, true)
    case 8: return adagrad<T>(a, r, begin, end)
    case 9: return rmsprop<T>(a, r, begin, end, false, false)
    case 10: return rmsprop<T>(a, r, begin, end, true, false)
    case 11: return rmsprop<T>(a, r, begin, end, false, true)
    case 12: return rmsprop<T>(a, r, begin, end, true, true)
    case 13: return adamw<T>(a, r, begin, end, false)
    case 14: return adamw<T>(a, r, begin, end, true)
    case 15: return lambMoments<T>(a, r, s, begin, end)
    case 16: return lambUpdate<T>(a, r, begin, end)
  }
}

export function reductions(kernel: i32): i32 {
  if (kernel == 1) return 1
  if (kernel == 15) return 2
  return 0
}
