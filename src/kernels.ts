// The kernels every backend implements, by name and number.
import { KERNELS } from './generated/kernels'

/**
 * What a kernel does with a tensor's arrays besides its state: p and g are staged for it where it reads
 * them, p is copied back where it writes it; `reductions` doubles come out of it per tensor, or per row into the
 * tensor's first working array. It runs element by element, along rows, or over a matrix at once.
 */
export interface KernelInfo {
  readonly kind: 'KERNEL' | 'ROWS' | 'MATRIX'
  readonly reads: 'none' | 'p' | 'g' | 'pg'
  readonly writes: boolean
  readonly reductions: number
  readonly fold?: 'sum' | 'max'
  /** Along rows: the shape of each slot's array, t(ensor), c(olumns), C (columns of doubles), r(ows) or _ (unused). */
  readonly shapes?: string
}

export type KernelName = keyof typeof KERNELS

export const kernelInfo = (name: KernelName): KernelInfo => KERNELS[name]

/** The number a compiled backend knows the kernel by. */
export const KERNEL_NUMBERS = Object.fromEntries(Object.keys(KERNELS).map((name, i) => [name, i])) as Record<
  KernelName,
  number
>
