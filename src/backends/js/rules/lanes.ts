// Every lane operation on its own, one result array each: what it means is tested, not assumed. Mirrored in native/rules/lanes.h.
import {
  type Arrays,
  abs,
  accumulateAbs,
  accumulateGradient,
  accumulateProduct,
  accumulateSquare,
  add,
  array,
  type Coefficients,
  coefficient,
  cubeRootGuess,
  div,
  flush,
  flushPositive,
  max,
  min,
  mul,
  neg,
  read,
  readAhead,
  type Sums,
  select,
  sign,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
  zero,
} from '../lanes'

export function binaryLanes(a: Arrays, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const sum = array(a, 2)
  const difference = array(a, 3)
  const product = array(a, 4)
  const quotient = array(a, 5)
  const larger = array(a, 6)
  const smaller = array(a, 7)
  for (let i = begin; i < end; i += step()) {
    const x = read(p, i)
    const y = read(g, i)
    write(sum, i, add(x, y))
    write(difference, i, sub(x, y))
    write(product, i, mul(x, y))
    write(quotient, i, div(x, y))
    write(larger, i, max(x, y))
    write(smaller, i, min(x, y))
  }
}

export function unaryLanes(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const root = array(a, 2)
  const magnitude = array(a, 3)
  const negative = array(a, 4)
  const flushed = array(a, 5)
  const flushedSquare = array(a, 6)
  const flushedPositive = array(a, 7)
  const threshold = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    const x = read(p, i)
    write(root, i, sqrt(x))
    write(magnitude, i, abs(x))
    write(negative, i, neg(x))
    write(flushed, i, flush(x, tiny()))
    write(flushedSquare, i, flush(x, tinySquare()))
    write(flushedPositive, i, flushPositive(x, threshold))
  }
}

export function sumLanes(a: Arrays, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  for (let i = begin; i < end; i += step()) {
    const x = read(p, i)
    accumulateSquare(s, 0, i, x)
    accumulateProduct(s, 1, i, x, read(g, i))
    accumulateAbs(s, 2, i, x)
    accumulateGradient(s, 3, i, readAhead(p, i))
  }
}

export function selectLanes(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const negated = array(a, 2)
  const limited = array(a, 3)
  const positive = array(a, 4)
  const threshold = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    const x = read(p, i)
    const y = read(g, i)
    write(negated, i, select(x, y, neg(x), y))
    write(limited, i, select(threshold, x, x, threshold))
    write(positive, i, select(x, zero(), zero(), y))
  }
}

export function moreLanes(a: Arrays, begin: number, end: number): void {
  const p = array(a, 0)
  const signs = array(a, 2)
  const guess = array(a, 3)
  for (let i = begin; i < end; i += step()) {
    const x = read(p, i)
    write(signs, i, sign(x))
    write(guess, i, cubeRootGuess(x))
  }
}
