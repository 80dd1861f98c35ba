// Transcendental functions that give the same bits in every JavaScript engine, unlike those of `Math`.
import stdlibCos from '@stdlib/math-base-special-cos'
import stdlibExp from '@stdlib/math-base-special-exp'
import stdlibLn from '@stdlib/math-base-special-ln'
import stdlibPow from '@stdlib/math-base-special-pow'
import stdlibSin from '@stdlib/math-base-special-sin'
import stdlibTanh from '@stdlib/math-base-special-tanh'

// Typed here and bundled, so that the published declarations do not name a development dependency.
export const cos: (x: number) => number = stdlibCos
export const exp: (x: number) => number = stdlibExp
export const ln: (x: number) => number = stdlibLn
export const pow: (base: number, exponent: number) => number = stdlibPow
export const sin: (x: number) => number = stdlibSin
export const tanh: (x: number) => number = stdlibTanh
