// Stochastic gradient descent with momentum: options, coefficients, documentation.

import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, oneOf, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput, SparseGrads } from '../types'

export interface SGDOptions extends CommonOptions {
  momentum: number
  dampening: number
  weightDecay: number
  nesterov: boolean
  momentumForm: 'heavy' | 'ema'
  lrInBuffer: boolean
}

export const sgd: Rule<SGDOptions> = {
  name: 'SGD',
  options: {
    lr: rate(1e-3),
    momentum: rate(0),
    dampening: number(0),
    weightDecay: rate(0),
    nesterov: flag(false),
    momentumForm: oneOf('heavy', ['heavy', 'ema']),
    lrInBuffer: flag(false),
    maximize: flag(false),
  },
  structural: ['nesterov', 'momentumForm', 'lrInBuffer'],
  presets: { keras: { lr: 1e-2, lrInBuffer: true } },
  validate({ momentum, dampening, nesterov, momentumForm }) {
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(
        `SGD: nesterov needs a momentum above 0 and no dampening, got momentum ${momentum}, dampening ${dampening}`,
      )
    }
    if (momentumForm === 'ema' && (momentum >= 1 || dampening !== 0)) {
      throw new RangeError(
        `SGD: momentumForm 'ema' needs a momentum in [0, 1) and no dampening, got momentum ${momentum}, dampening ${dampening}`,
      )
    }
  },
  state: ({ momentum }) => (momentum === 0 ? [] : ['momentumBuffer']),
  lazy: ({ momentum, weightDecay }) => momentum === 0 && weightDecay === 0,
  passes: ({ momentum, nesterov }) => [momentum === 0 ? 'sgd' : nesterov ? 'sgdNesterov' : 'sgdMomentum'],
  l2: ({ weightDecay }) => weightDecay,
  coefficients(_pass, { lr, momentum, dampening, momentumForm, lrInBuffer }, { t }, c, k) {
    const ema = momentumForm === 'ema'
    // The rate enters the buffer, or scales what comes out of it.
    const inside = lrInBuffer && momentum !== 0 ? lr : 1
    c[k] = lrInBuffer && momentum !== 0 ? 1 : lr
    c[k + 1] = momentum
    c[k + 2] = inside * (ema ? 1 - momentum : t === 1 ? 1 : 1 - dampening)
    c[k + 3] = inside * (ema ? 1 - momentum : 1)
  },
}

/**
 * Stochastic gradient descent, optionally with momentum.
 *
 * ```text
 * g ← g + λ·p
 * m ← μ·m + (1 − τ)·g        heavy ball; the first step takes m ← g
 * m ← μ·m + (1 − μ)·g        momentumForm 'ema'
 * p ← p − η·m                nesterov: p ← p − η·(g + μ·m); with 'ema': η·((1 − μ)·g + μ·m)
 *                            lrInBuffer: η multiplies g as it enters m, and not m
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `momentum` μ ≥ 0, default 0 (below 1 with 'ema') · `dampening` τ, default 0 ·
 * `weightDecay` λ ≥ 0 (L2), default 0 · `nesterov`, default false, needs momentum and no dampening ·
 * `momentumForm` 'heavy' (default) or 'ema' · `lrInBuffer` (Keras' place for η), default false · `maximize`, default
 * false · `preset` 'keras': lr 1e-2, lrInBuffer.
 *
 * Gradients may be sparse while momentum and weightDecay are 0: see `SparseGrad`.
 *
 * State: `momentumBuffer` (the parameter's shape) if momentum is not 0.
 *
 * Source: `torch.optim.SGD`; Polyak (1964); Sutskever et al., "On the importance of initialization and momentum
 * in deep learning" (2013), whose look-ahead form is reparametrised as in PyTorch.
 *
 * Deviations: rows that occur more than once in a sparse gradient are added up first; gradients and buffers below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero.
 *
 * @example
 * ```ts
 * import { SGD } from 'cauchy'
 * const w = Float64Array.of(5)
 * new SGD({ w }, { lr: 0.1 }).step({ w: Float64Array.of(2) })
 * w[0] // → 4.8
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class SGD<const P extends ParamsInput<SGDOptions> = ParamsInput<SGDOptions>> extends Optimizer<
  SGDOptions,
  P,
  SparseGrads
> {
  constructor(params: P, options?: Partial<SGDOptions> & OptimizerOptions) {
    super(sgd, params, options)
  }
}
