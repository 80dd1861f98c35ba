// Adafactor: the second moment, whole or as rows and columns; the update and its length; the step. Mirrored in assembly/rules/adafactor.ts.
template <class L>
void adafactorVector(Arrays a, Coefficients r, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto v = array<L>(a, 2);
  const auto beta2 = coefficient<L>(r, 0);
  const auto oneMinusBeta2 = coefficient<L>(r, 1);
  const auto least = coefficient<L>(r, 2);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // v ← β₂·v + (1−β₂)·g²
    const auto v1 = flushPositive(add(mul(beta2, read<L>(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny<L>());
    write(v, i, v1);
    // ‖p‖², ‖g/√max(v, ε₁²)‖²
    accumulateSquare<L>(s, 0, i, read<L>(p, i));
    accumulateSquare<L>(s, 1, i, div(g0, sqrt(max(v1, least))));
  }
}

template <class L>
void adafactorVectorUpdate(Arrays a, Coefficients r, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto v = array<L>(a, 2);
  const auto least = coefficient<L>(r, 2);
  const auto decay = coefficient<L>(r, 3);
  const auto stepSize = coefficient<L>(r, 4);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // p ← (1−lr·λ)·p − α·g/√max(v, ε₁²)
    const auto u = div(g0, sqrt(max(read<L>(v, i), least)));
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(stepSize, u)));
  }
}

template <class L>
void adafactorSquares(Arrays a, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto columns = columnSums(a, 6);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // ‖p‖² and ‖g‖² of the row, ‖g‖² of each column
    accumulateSquare<L>(s, 0, i, read<L>(p, i));
    accumulateSquare<L>(s, 1, i, g0);
    accumulateColumn<L>(columns, i, g0);
  }
}

template <class L>
void adafactorNorms(Arrays a, Coefficients r, Sums s, size_t begin, size_t end) {
  const auto g = array<L>(a, 1);
  const auto columns = array<L>(a, 3);
  const auto row = rowElement<L>(a, 5);
  const auto least = coefficient<L>(r, 2);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // v = row·column
    const auto v = mul(flush(row, tinySquare<L>()), flush(read<L>(columns, i), tinySquare<L>()));
    // ‖g/√max(v, ε₁²)‖² of the row
    accumulateSquare<L>(s, 0, i, div(g0, sqrt(max(v, least))));
  }
}

template <class L>
void adafactorUpdate(Arrays a, Coefficients r, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto columns = array<L>(a, 3);
  const auto row = rowElement<L>(a, 5);
  const auto least = coefficient<L>(r, 2);
  const auto decay = coefficient<L>(r, 3);
  const auto stepSize = coefficient<L>(r, 4);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // v = row·column
    const auto v = mul(flush(row, tinySquare<L>()), flush(read<L>(columns, i), tinySquare<L>()));
    // p ← (1−lr·λ)·p − α·g/√max(v, ε₁²)
    const auto u = div(g0, sqrt(max(v, least)));
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(stepSize, u)));
  }
}
