// Stochastic gradient descent with momentum: options, coefficients, documentation.

import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, oneOf, rate } from '../options'
import { type PackingOptions, packingOptions } from '../packing'
import type { Rule } from '../rule'
import type { ParamsInput, SparseGrads } from '../types'
import { type DecayOptions, decayFactor, l2Decay } from './decay'

export interface SGDOptions extends DecayOptions, PackingOptions {
  momentum: number
  dampening: number
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
    decoupledWeightDecay: flag(false),
    nesterov: flag(false),
    momentumForm: oneOf('heavy', ['heavy', 'ema']),
    lrInBuffer: flag(false),
    maximize: flag(false),
    ...packingOptions,
  },
  structural: ['nesterov', 'momentumForm', 'lrInBuffer', 'stateDtype'],
  presets: { optax: {}, keras: { lr: 1e-2, lrInBuffer: true, decoupledWeightDecay: true }, tfjs: {} },
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
  moments: { momentumBuffer: 'first' },
  lazy: ({ momentum, weightDecay }) => momentum === 0 && weightDecay === 0,
  passes: ({ momentum, nesterov }) => [momentum === 0 ? 'sgd' : nesterov ? 'sgdNesterov' : 'sgdMomentum'],
  // Without momentum the two forms of decay are one.
  l2: (options) => (options.momentum === 0 ? options.weightDecay : l2Decay(options)),
  coefficients(_pass, options, { t }, c, k) {
    const { lr, momentum, dampening, momentumForm, lrInBuffer } = options
    const ema = momentumForm === 'ema'
    // The rate enters the buffer, or scales what comes out of it.
    const inside = lrInBuffer && momentum !== 0 ? lr : 1
    c[k] = lrInBuffer && momentum !== 0 ? 1 : lr
    c[k + 1] = momentum
    c[k + 2] = inside * (ema ? 1 - momentum : t === 1 ? 1 : 1 - dampening)
    c[k + 3] = inside * (ema ? 1 - momentum : 1)
    c[k + 4] = decayFactor(options)
  },
}

/**
 * Stochastic gradient descent, optionally with momentum.
 *
 * ```text
 * g ← g + λ·p                decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g
 * m ← μ·m + (1 − τ)·g        heavy ball; the first step takes m ← g
 * m ← μ·m + (1 − μ)·g        momentumForm 'ema'
 * p ← p − η·m                nesterov: p ← p − η·(g + μ·m); with 'ema': η·((1 − μ)·g + μ·m)
 *                            lrInBuffer: η multiplies g as it enters m, and not m
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `momentum` μ ≥ 0, default 0 (below 1 with 'ema') · `dampening` τ, any number,
 * default 0 · `weightDecay` λ ≥ 0 (L2), default 0 · `decoupledWeightDecay`, default false · `nesterov`, default false,
 * needs momentum and no dampening · `momentumForm` 'heavy' (default) or 'ema' · `lrInBuffer` (Keras' place for η),
 * default false · `maximize`, default false · `stateDtype` 'float32' (default), 'bf16' or 'int8' · `seed` of its
 * rounding, an integer ≥ 0, default 0: see `PackingOptions` · `preset` 'optax', 'tfjs': the same; 'keras': lr 1e-2,
 * lrInBuffer, decoupledWeightDecay.
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
