// NovoGrad: momentum over gradients normalized per tensor. Mirrored in native/rules/novograd.h.
import { add, array, coefficient, flush, mul, read, step, sub, tiny, write } from '../lanes'

@inline
export function novograd<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const beta1 = coefficient<T>(c, 0)
  const inverseDenominator = coefficient<T>(c, 1)
  const weightDecay = coefficient<T>(c, 2)
  const lr = coefficient<T>(c, 3)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // u = g / (√(ν + ε₀) + ε) + λ·p
    const u = add<T>(mul<T>(inverseDenominator, g0), mul<T>(weightDecay, p0))
    // m ← β₁·m + u
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), u), tiny<T>())
    write(m, i, m1)
    // p ← p − lr·m
    write(p, i, sub<T>(p0, mul<T>(lr, m1)))
  }
}
