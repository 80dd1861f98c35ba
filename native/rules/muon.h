// Muon: momentum, its orthogonalization by Newton–Schulz iterations over padded matrices, the step. Mirrored in assembly/rules/muon.ts.
template <class L, bool nesterov>
void muonMomentum(Arrays a, Coefficients r, Sums s, size_t begin, size_t end) {
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto u = array<L>(a, 7);
  const auto momentum = coefficient<L>(r, 0);
  const auto oneMinusMomentum = coefficient<L>(r, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // m ← μ·m + (1−μ)·g
    const auto m1 = flush(add(mul(momentum, read<L>(m, i)), mul(oneMinusMomentum, g0)), tiny<L>());
    write(m, i, m1);
    if constexpr (nesterov) {
      // u = μ·m + (1−μ)·g
      const auto u1 = flush(add(mul(momentum, m1), mul(oneMinusMomentum, g0)), tiny<L>());
      write(u, i, u1);
      accumulateSquare<L>(s, 0, i, u1);
    } else {
      write(u, i, m1);
      accumulateSquare<L>(s, 0, i, m1);
    }
  }
}

// Between a matrix and its padded copy, or the padded copy of its transpose: what one step along a row and one
// along a column are in the copy.
template <class L>
void muonPad(typename L::T* copy, const typename L::T* matrix, size_t rows, size_t columns, size_t down, size_t along) {
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      copyElement<L>(copy, row * down + column * along, matrix, (row * columns + column) * unit<L>());
    }
  }
}

template <class L>
void muonUnpad(const typename L::T* copy, typename L::T* matrix, size_t rows, size_t columns, size_t down, size_t along) {
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      copyElement<L>(matrix, (row * columns + column) * unit<L>(), copy, row * down + column * along);
    }
  }
}

template <class L>
void muonTranspose(const typename L::T* from, typename L::T* to, size_t rows, size_t columns, size_t stride, size_t toStride) {
  for (size_t column = 0; column < columns; column++) {
    for (size_t row = 0; row < rows; row++) {
      copyElement<L>(to, column * toStride + row * unit<L>(), from, row * stride + column * unit<L>());
    }
  }
}

// to = α·from + β·left·right: k ascending in every element, four rows by two vectors at a time.
template <class L>
void muonProduct(typename L::T* to, const typename L::T* from, const typename L::T* left, const typename L::T* right, size_t rows, size_t depth, size_t leftStride, size_t stride, typename L::V alpha, typename L::V beta) {
  for (size_t j = 0; j < stride; j += 2 * step<L>()) {
    const auto j1 = j + step<L>();
    for (size_t row = 0; row < rows; row += 4) {
      const auto left0 = row * leftStride;
      const auto left1 = left0 + leftStride;
      const auto left2 = left1 + leftStride;
      const auto left3 = left2 + leftStride;
      auto s00 = zero<L>();
      auto s01 = zero<L>();
      auto s10 = zero<L>();
      auto s11 = zero<L>();
      auto s20 = zero<L>();
      auto s21 = zero<L>();
      auto s30 = zero<L>();
      auto s31 = zero<L>();
      for (size_t k = 0; k < depth; k++) {
        const auto x0 = read<L>(right, k * stride + j);
        const auto x1 = read<L>(right, k * stride + j1);
        const auto y0 = broadcast<L>(left, left0 + k * unit<L>());
        s00 = add(s00, mul(y0, x0));
        s01 = add(s01, mul(y0, x1));
        const auto y1 = broadcast<L>(left, left1 + k * unit<L>());
        s10 = add(s10, mul(y1, x0));
        s11 = add(s11, mul(y1, x1));
        const auto y2 = broadcast<L>(left, left2 + k * unit<L>());
        s20 = add(s20, mul(y2, x0));
        s21 = add(s21, mul(y2, x1));
        const auto y3 = broadcast<L>(left, left3 + k * unit<L>());
        s30 = add(s30, mul(y3, x0));
        s31 = add(s31, mul(y3, x1));
      }
      const auto to0 = row * stride;
      const auto to1 = to0 + stride;
      const auto to2 = to1 + stride;
      const auto to3 = to2 + stride;
      const auto t00 = add(mul(alpha, read<L>(from, to0 + j)), mul(beta, s00));
      write(to, to0 + j, flush(t00, tinySquare<L>()));
      const auto t01 = add(mul(alpha, read<L>(from, to0 + j1)), mul(beta, s01));
      write(to, to0 + j1, flush(t01, tinySquare<L>()));
      const auto t10 = add(mul(alpha, read<L>(from, to1 + j)), mul(beta, s10));
      write(to, to1 + j, flush(t10, tinySquare<L>()));
      const auto t11 = add(mul(alpha, read<L>(from, to1 + j1)), mul(beta, s11));
      write(to, to1 + j1, flush(t11, tinySquare<L>()));
      const auto t20 = add(mul(alpha, read<L>(from, to2 + j)), mul(beta, s20));
      write(to, to2 + j, flush(t20, tinySquare<L>()));
      const auto t21 = add(mul(alpha, read<L>(from, to2 + j1)), mul(beta, s21));
      write(to, to2 + j1, flush(t21, tinySquare<L>()));
      const auto t30 = add(mul(alpha, read<L>(from, to3 + j)), mul(beta, s30));
      write(to, to3 + j, flush(t30, tinySquare<L>()));
      const auto t31 = add(mul(alpha, read<L>(from, to3 + j1)), mul(beta, s31));
      write(to, to3 + j1, flush(t31, tinySquare<L>()));
    }
  }
}

template <class L>
void muonOrthogonalize(Arrays a, Coefficients r, size_t rows, size_t columns) {
  const auto u = array<L>(a, 7);
  const auto transposed = array<L>(a, 5);
  const auto gram = array<L>(a, 3);
  const auto scale = coefficient<L>(r, 0);
  const auto first = coefficient<L>(r, 1);
  const auto second = coefficient<L>(r, 2);
  const auto third = coefficient<L>(r, 3);
  const auto one = coefficient<L>(r, 4);
  const auto steps = count(r, 5);
  // The shorter side goes down, the longer along, both padded by zeros.
  const auto tall = rows > columns;
  const auto height = tall ? columns : rows;
  const auto width = tall ? rows : columns;
  const auto stride = padded<L>(width);
  const auto gramStride = padded<L>(height);
  const auto lines = (height + 3) & ~3;
  const auto transposedLines = width < lines ? lines : width;
  auto x = array<L>(a, 6);
  auto y = array<L>(a, 4);
  for (size_t i = 0; i < lines * stride; i += step<L>()) {
    write(x, i, zero<L>());
  }
  for (size_t i = 0; i < transposedLines * gramStride; i += step<L>()) {
    write(transposed, i, zero<L>());
  }
  // X = u/‖u‖
  muonPad<L>(x, u, rows, columns, tall ? unit<L>() : stride, tall ? stride : unit<L>());
  for (size_t i = 0; i < lines * stride; i += step<L>()) {
    write(x, i, flush(mul(flush(read<L>(x, i), tiny<L>()), scale), tinySquare<L>()));
  }
  for (size_t k = 0; k < steps; k++) {
    muonTranspose<L>(x, transposed, height, width, stride, gramStride);
    // A = X·Xᵀ, and nothing of the other matrix
    muonProduct<L>(gram, transposed, x, transposed, lines, width, stride, gramStride, zero<L>(), one);
    // B = b·A + c·A·A, where Xᵀ was
    muonProduct<L>(transposed, gram, gram, gram, lines, height, gramStride, gramStride, second, third);
    // X ← a·X + B·X
    muonProduct<L>(y, x, transposed, x, lines, height, gramStride, stride, first, one);
    const auto previous = x;
    x = y;
    y = previous;
  }
  muonUnpad<L>(x, u, rows, columns, tall ? unit<L>() : stride, tall ? stride : unit<L>());
}

template <class L>
void muonUpdate(Arrays a, Coefficients r, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto u = array<L>(a, 7);
  const auto decay = coefficient<L>(r, 0);
  const auto stepSize = coefficient<L>(r, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    // p ← (1−lr·λ)·p − α·u
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(stepSize, read<L>(u, i))));
  }
}
