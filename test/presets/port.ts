// What the tables of other frameworks' formulas are made of, and the formulas that several of them have.

export interface Cell {
  p: number
  [slot: string]: number
}

type Formula = (c: Cell, g: number, t: number) => void

export interface Port {
  rule: string
  options: Record<string, unknown>
  formula: Formula
  /** Relative; where the framework itself keeps a number in single precision. */
  tolerance?: number
}

/** Other than any framework's default. */
export const betas = [0.8, 0.95]

export function adadelta(c: Cell, g: number, { lr, rho, eps }: Record<'lr' | 'rho' | 'eps', number>): void {
  c.a = rho * (c.a ?? 0) + (1 - rho) * g * g
  const delta = (Math.sqrt((c.d ?? 0) + eps) * g) / Math.sqrt(c.a + eps)
  c.d = rho * (c.d ?? 0) + (1 - rho) * delta * delta
  c.p -= lr * delta
}

export interface Adam {
  lr: number
  betas: number[]
  eps: number
}

export function adamax(c: Cell, g: number, t: number, { lr, betas: [b1, b2], eps }: Adam): void {
  c.m = b1 * (c.m ?? 0) + (1 - b1) * g
  c.u = Math.max(b2 * (c.u ?? 0), Math.abs(g))
  c.p -= (lr * c.m) / ((1 - b1 ** t) * (c.u + eps))
}
