// The kernels every backend implements, by name and number.
import { KERNELS } from './generated/kernels'

/**
 * What a kernel does with a tensor's arrays besides its state: p and g are staged for it where it reads
 * them, p is copied back where it writes it; `reductions` doubles come out of it per tensor.
 */
export interface KernelInfo {
  readonly reads: 'p' | 'g' | 'pg' | 'none'
  readonly writes: boolean
  readonly reductions: number
}

export type KernelName = keyof typeof KERNELS

export const kernelInfo = (name: KernelName): KernelInfo => KERNELS[name]

/** The number a compiled backend knows the kernel by. */
export const KERNEL_NUMBERS = Object.fromEntries(Object.keys(KERNELS).map((name, i) => [name, i])) as Record<
  KernelName,
  number
>
