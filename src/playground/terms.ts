// The standard terms and symbols of hyper-parameters, by the library's option names.

const TERMS: Readonly<Record<string, string>> = {
  lr: 'learning rate η',
  momentum: 'momentum μ',
  dampening: 'dampening τ',
  nesterov: 'Nesterov momentum',
  momentumForm: 'form of momentum',
  weightDecay: 'weight decay λ',
  decoupledWeightDecay: 'decoupled weight decay',
  betas: 'decay rates β',
  eps: 'ε',
  epsRoot: 'ε under the root',
  epsInSqrt: 'ε under the root',
  epsHat: 'ε̂ of TensorFlow',
  amsgrad: 'AMSGrad',
  alpha: 'decay rate α',
  rho: 'decay rate ρ',
  centered: 'centered',
  lrDecay: 'decay of the learning rate',
  initialAccumulatorValue: 'initial accumulator',
  etas: 'factors η⁻, η⁺',
  stepSizes: 'least and greatest step',
  historySize: 'history size',
  maxIter: 'iterations a step',
  lineSearchFn: 'line search',
  warmupSteps: 'warm-up steps',
  trustCoefficient: 'trust coefficient',
  fMin: 'least loss f*',
  maxLearningRate: 'greatest learning rate',
  momentumDecay: 'decay of the momentum',
}

const INDICES = '₁₂₃'

/** 'decay rates β' or, without a standard term, the option's name in words. */
export const termOf = (option: string) =>
  TERMS[option] ?? option.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)

/** The same for one of several numbers: 'β₁'. */
export const termOfPart = (option: string, k: number) =>
  option === 'betas' ? `β${INDICES[k]}` : `${termOf(option)}, ${k + 1}`
