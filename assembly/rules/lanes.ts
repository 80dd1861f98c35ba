// Every lane operation on its own, one result array each: what it means is tested, not assumed. Mirrored in native/rules/lanes.h.
import { abs, accumulateAbs, accumulateGradient, accumulateProduct, accumulateSquare, add, array, coefficient, cubeRootGuess, div, flush, flushPositive, max, min, mul, neg, read, readAhead, select, sign, sqrt, step, sub, tiny, tinySquare, write, zero } from '../lanes'

@inline
export function binaryLanes<T>(a: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const sum = array<T>(a, 2)
  const difference = array<T>(a, 3)
  const product = array<T>(a, 4)
  const quotient = array<T>(a, 5)
  const larger = array<T>(a, 6)
  const smaller = array<T>(a, 7)
  for (let i = begin; i < end; i += step<T>()) {
    const x = read<T>(p, i)
    const y = read<T>(g, i)
    write(sum, i, add<T>(x, y))
    write(difference, i, sub<T>(x, y))
    write(product, i, mul<T>(x, y))
    write(quotient, i, div<T>(x, y))
    write(larger, i, max<T>(x, y))
    write(smaller, i, min<T>(x, y))
  }
}

@inline
export function unaryLanes<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const root = array<T>(a, 2)
  const magnitude = array<T>(a, 3)
  const negative = array<T>(a, 4)
  const flushed = array<T>(a, 5)
  const flushedSquare = array<T>(a, 6)
  const flushedPositive = array<T>(a, 7)
  const threshold = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    const x = read<T>(p, i)
    write(root, i, sqrt<T>(x))
    write(magnitude, i, abs<T>(x))
    write(negative, i, neg<T>(x))
    write(flushed, i, flush<T>(x, tiny<T>()))
    write(flushedSquare, i, flush<T>(x, tinySquare<T>()))
    write(flushedPositive, i, flushPositive<T>(x, threshold))
  }
}

@inline
export function sumLanes<T>(a: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  for (let i = begin; i < end; i += step<T>()) {
    const x = read<T>(p, i)
    accumulateSquare<T>(s, 0, i, x)
    accumulateProduct<T>(s, 1, i, x, read<T>(g, i))
    accumulateAbs<T>(s, 2, i, x)
    accumulateGradient<T>(s, 3, i, readAhead<T>(p, i))
  }
}

@inline
export function selectLanes<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const negated = array<T>(a, 2)
  const limited = array<T>(a, 3)
  const positive = array<T>(a, 4)
  const threshold = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    const x = read<T>(p, i)
    const y = read<T>(g, i)
    write(negated, i, select<T>(x, y, neg<T>(x), y))
    write(limited, i, select<T>(threshold, x, x, threshold))
    write(positive, i, select<T>(x, zero<T>(), zero<T>(), y))
  }
}

@inline
export function moreLanes<T>(a: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const signs = array<T>(a, 2)
  const guess = array<T>(a, 3)
  for (let i = begin; i < end; i += step<T>()) {
    const x = read<T>(p, i)
    write(signs, i, sign<T>(x))
    write(guess, i, cubeRootGuess<T>(x))
  }
}
