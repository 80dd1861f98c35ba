// functions.ts in the core: few steps need any of it, so math.js is read by the first that does.
import type * as functions from './functions'

/** The argument of the core. */
declare const parts: { readonly math: () => typeof functions }

let loaded: typeof functions | undefined
function math(): typeof functions {
  loaded ??= parts.math()
  return loaded
}

export const cos = (x: number): number => math().cos(x)
export const exp = (x: number): number => math().exp(x)
export const ln = (x: number): number => math().ln(x)
export const pow = (base: number, exponent: number): number => math().pow(base, exponent)
export const sin = (x: number): number => math().sin(x)
export const tanh = (x: number): number => math().tanh(x)
