// The kernels every backend implements, in the numbering of native/rules.inc and assembly/kernels.ts.

/**
 * What a kernel does with a tensor's arrays besides its state: p and g are staged for it where it reads
 * them, p is copied back where it writes it; `reductions` doubles come out of it per tensor.
 */
interface KernelInfo {
  readonly reads: '' | 'p' | 'g' | 'pg'
  readonly writes: boolean
  readonly reductions?: number
}

export const KERNELS = {
  stream: { reads: 'pg', writes: true },
  squares: { reads: 'g', writes: false, reductions: 1 },
  gradient: { reads: 'pg', writes: false },
  gradientDecayed: { reads: 'pg', writes: false },
  clip: { reads: 'p', writes: true },
  sgd: { reads: 'pg', writes: true },
  sgdMomentum: { reads: 'pg', writes: true },
  sgdNesterov: { reads: 'pg', writes: true },
  adagrad: { reads: 'pg', writes: true },
  rmsprop: { reads: 'pg', writes: true },
  rmspropCentered: { reads: 'pg', writes: true },
  rmspropMomentum: { reads: 'pg', writes: true },
  rmspropCenteredMomentum: { reads: 'pg', writes: true },
  adamw: { reads: 'pg', writes: true },
  adamwAmsgrad: { reads: 'pg', writes: true },
  lambMoments: { reads: 'pg', writes: false, reductions: 2 },
  lambUpdate: { reads: 'p', writes: true },
} as const satisfies Record<string, KernelInfo>

export type KernelName = keyof typeof KERNELS

export const KERNEL_NAMES = Object.keys(KERNELS) as KernelName[]

export function kernelInfo(name: KernelName): KernelInfo {
  return KERNELS[name]
}

/** The number a compiled backend knows the kernel by. */
export const KERNEL_NUMBERS = Object.fromEntries(KERNEL_NAMES.map((name, i) => [name, i])) as Record<
  KernelName,
  number
>
