// NovoGrad: momentum over gradients normalized per tensor. Mirrored in native/rules/novograd.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  mul,
  read,
  step,
  sub,
  tiny,
  write,
} from '../lanes'

export function novograd(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const beta1 = coefficient(c, 0)
  const inverseDenominator = coefficient(c, 1)
  const weightDecay = coefficient(c, 2)
  const lr = coefficient(c, 3)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    const g0 = flush(read(g, i), tiny())
    // u = g / (√(ν + ε₀) + ε) + λ·p
    const u = add(mul(inverseDenominator, g0), mul(weightDecay, p0))
    // m ← β₁·m + u
    const m1 = flush(add(mul(beta1, read(m, i)), u), tiny())
    write(m, i, m1)
    // p ← p − lr·m
    write(p, i, sub(p0, mul(lr, m1)))
  }
}
