// Schedule-free descent, plain and with Adam's second moment, and the way between its two points. Mirrored in assembly/rules/schedulefree.ts.
template <class L>
void scheduleFreeSgd(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto z = array<L>(a, 2);
  const auto averageWeight = coefficient<L>(c, 0);
  const auto stepSize = coefficient<L>(c, 1);
  const auto lr = coefficient<L>(c, 2);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    const auto z0 = read<L>(z, i);
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // p ← p + c·(z − p) − lr·(1 − β·(1−c))·g
    const auto moved = add(p0, mul(averageWeight, flush(sub(z0, p0), tiny<L>())));
    write(p, i, sub(moved, mul(stepSize, g0)));
    // z ← z − lr·g
    write(z, i, sub(z0, mul(lr, g0)));
  }
}

template <class L>
void scheduleFreeAdamw(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto z = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto averageWeight = coefficient<L>(c, 0);
  const auto stepSize = coefficient<L>(c, 1);
  const auto lr = coefficient<L>(c, 2);
  const auto beta2 = coefficient<L>(c, 3);
  const auto oneMinusBeta2 = coefficient<L>(c, 4);
  const auto inverseBiasCorrection2 = coefficient<L>(c, 5);
  const auto eps = coefficient<L>(c, 6);
  const auto weightDecay = coefficient<L>(c, 7);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    const auto z0 = read<L>(z, i);
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // v ← β₂·v + (1−β₂)·g²
    const auto v1 = flushPositive(add(mul(beta2, read<L>(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny<L>());
    write(v, i, v1);
    // u = g / (√v̂ + ε) + λ·p
    const auto denominator = add(sqrt(mul(v1, inverseBiasCorrection2)), eps);
    const auto u = add(div(g0, denominator), mul(weightDecay, p0));
    // p ← p + c·(z − p) − lr·(1 − β₁·(1−c))·u
    const auto moved = add(p0, mul(averageWeight, flush(sub(z0, p0), tiny<L>())));
    write(p, i, sub(moved, mul(stepSize, u)));
    // z ← z − lr·u
    write(z, i, sub(z0, mul(lr, u)));
  }
}

template <class L>
void scheduleFreeMode(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto z = array<L>(a, 2);
  const auto weight = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    // p ← p + w·(z − p)
    write(p, i, add(p0, mul(weight, flush(sub(read<L>(z, i), p0), tiny<L>()))));
  }
}
