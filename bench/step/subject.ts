// An optimizer under measurement: its data, its step, and the memory that the step goes over.
import type { FloatArray } from 'cauchy'
import type { Candidate } from './measure'
import { type BenchRule, RULES, type Stepping, stepOf } from './rules'
import { elementBytes, type Spec } from './spec'
import { createOptimizer } from './targets'

/** A step's memory as bytes, for the roofline: p, g, then state, the arrays that are written first. */
export interface Pages {
  readonly arrays: readonly Uint8Array[]
  readonly written: number
}

export interface Subject extends Candidate {
  readonly spec: Spec
  /** Bytes per parameter that the rule cannot but move. */
  readonly bytes: number
  readonly pages: Pages
}

/** Fills with a pattern of 707 values; at the speed of copying, since 64 Mi of them are common. */
function fill(array: FloatArray, value: (i: number) => number): void {
  const period = Math.min(707, array.length)
  for (let i = 0; i < period; i++) array[i] = value(i)
  for (let done = period; done < array.length; done *= 2) array.copyWithin(done, 0, done)
}

export const fillParams = (array: FloatArray) => fill(array, (i) => 1 + (i % 7))
export const fillGrads = (array: FloatArray) => fill(array, (i) => ((i * 37) % 101) / 101 - 0.5)

export function ruleOf({ rule }: Spec): BenchRule {
  return RULES.get(rule) as BenchRule
}

/** Bytes per parameter that a step of the rule reads and writes at least. */
export function bytesMoved({ written, read }: BenchRule, { dtype, state }: Spec): number {
  return 3 * elementBytes(dtype) + (2 * written + read) * elementBytes(state)
}

/** Bytes that the subject will occupy. */
export function bytesHeld(spec: Spec): number {
  const { written, read } = ruleOf(spec)
  const copies = spec.mode === 'callers' ? 2 : 1 // the roofline's own state
  return spec.n * (2 * elementBytes(spec.dtype) + copies * (written + read) * elementBytes(spec.state))
}

export const nameOf = ({ rule, dtype, state, n, tensors, backend, isa, threads, mode }: Spec): string =>
  [
    rule,
    dtype,
    `state ${state}`,
    `n=${n}`,
    `${tensors} tensors`,
    backend,
    isa,
    `${threads} threads`,
    mode,
  ].join(' ')

/** From the first byte of the first array to the last byte of the last. */
function extent(arrays: readonly FloatArray[]): Uint8Array<ArrayBuffer> {
  const last = arrays[arrays.length - 1]
  const start = arrays[0].byteOffset
  return new Uint8Array(arrays[0].buffer as ArrayBuffer, start, last.byteOffset + last.byteLength - start)
}

/** The optimizer's block has p of all tensors, then g, then state; kernels of the roofline change no byte of it. */
function ownPages(opt: Stepping, { written, read }: BenchRule, spec: Spec): Pages {
  const p = extent(opt.params)
  const g = extent(opt.grads)
  const bytes = (p.byteLength * elementBytes(spec.state)) / elementBytes(spec.dtype)
  const align = (at: number) => Math.ceil(at / 64) * 64
  const start = align(g.byteOffset + g.byteLength)
  const states = Array.from(
    { length: written + read },
    (_, k) => new Uint8Array(p.buffer, start + k * align(bytes), bytes),
  )
  return { arrays: [p, g, ...states], written }
}

function callersPages(p: FloatArray, g: FloatArray, { written, read }: BenchRule, spec: Spec): Pages {
  const bytes = spec.n * elementBytes(spec.state)
  const states = Array.from({ length: written + read }, () => new Uint8Array(bytes).fill(1))
  return { arrays: [extent([p]), extent([g]), ...states], written }
}

/** Makes what a row measures, with parameters and gradients in place. */
export function createSubject(spec: Spec): Subject {
  const rule = ruleOf(spec)
  const common = { name: nameOf(spec), spec, bytes: bytesMoved(rule, spec) }
  if (spec.mode === 'callers') {
    const Type = spec.dtype === 'float32' ? Float32Array : Float64Array
    const [p, g] = [new Type(spec.n), new Type(spec.n)]
    fillParams(p)
    fillGrads(g)
    const opt = createOptimizer(rule, spec, [p])
    return { ...common, run: stepOf(rule, opt, [g]), pages: callersPages(p, g, rule, spec) }
  }
  const shapes = Array.from({ length: spec.tensors }, () => [spec.n / spec.tensors])
  const opt = createOptimizer(rule, spec, shapes)
  opt.params.forEach(fillParams)
  opt.grads.forEach(fillGrads)
  const run = stepOf(rule, opt, undefined, spec.mode === 'clip-norm' ? { clipNorm: 1 } : undefined)
  return { ...common, run, pages: ownPages(opt, rule, spec) }
}
