// What the memory allows: native kernels with a rule's loads and stores around one bit operation an array, in the
// fastest of many forms, over the same pages.
import { createRequire } from 'node:module'
import { build } from '../native/build'
import type { Candidate } from './measure'
import type { Pages } from './subject'

declare const handle: unique symbol
type Handle = { [handle]: never }

interface Addon {
  readonly isas: readonly string[]
  prepare(
    isa: number,
    unroll: number,
    ahead: number,
    threads: number,
    arrays: readonly Uint8Array[],
    written: number,
  ): Handle | null
  run(step: Handle): void
  adamw(form: number, p: Uint8Array, g: Uint8Array, m: Uint8Array, v: Uint8Array): boolean
}

/** One form of the kernel: which instruction set, 2^unroll vectors at a time, bytes prefetched ahead, threads. */
interface Variant {
  readonly isa: number
  readonly unroll: number
  readonly ahead: number
  readonly threads: number
}

const UNROLLS = [0, 1, 2]
const AHEAD = [0, 512, 2048]
/** Forms that reach the measurement proper. */
const FINALISTS = 3

export interface Roofline {
  /** The fastest forms over these pages, as candidates of the measurement; `like` shares the choice among pages. */
  candidates(like: string, pages: Pages, threads: number): Candidate[]
  /** AdamW written by hand for each instruction set and unrolling, over float32 pages that it steps on. */
  handWritten(pages: Pages): Candidate[]
  /** Forgets which forms were the fastest. */
  chooseAnew(): void
}

/** Builds the kernels if need be; throws a sentence where they cannot be had. */
export function loadRoofline(): Roofline {
  const addon = createRequire(import.meta.url)(build()) as Addon
  const chosen = new Map<string, Variant[]>()
  const prepare = (
    { isa, unroll, ahead, threads }: Variant,
    { arrays, written }: Pages,
  ): (() => void) | null => {
    const step = addon.prepare(isa, unroll, ahead, threads, arrays, written)
    return step && (() => addon.run(step))
  }
  return {
    candidates(like, pages, threads) {
      const variants = chosen.get(like) ?? shortlist(addon, (variant) => prepare(variant, pages), threads)
      chosen.set(like, variants)
      return variants.map((variant) => {
        const { isa, unroll, ahead } = variant
        const name = `roofline ${addon.isas[isa]}, ${2 ** unroll} vectors, ${ahead} bytes ahead, ${variant.threads} threads`
        return { name, run: prepare(variant, pages) as () => void }
      })
    },
    handWritten({ arrays: [p, g, m, v] }) {
      const forms = [0, 1, 2, 3, 4, 5].filter((form) => addon.adamw(form, p, g, m, v))
      return forms.map((form) => ({ name: `hand-written ${form}`, run: () => addon.adamw(form, p, g, m, v) }))
    },
    chooseAnew: () => chosen.clear(),
  }
}

function shortlist(
  { isas }: Addon,
  prepare: (variant: Variant) => (() => void) | null,
  threads: number,
): Variant[] {
  const variants = isas.flatMap((_, isa) =>
    UNROLLS.flatMap((unroll) =>
      AHEAD.flatMap((ahead) =>
        [...new Set([1, threads])].map((count) => ({ isa, unroll, ahead, threads: count })),
      ),
    ),
  )
  return variants
    .flatMap((variant) => {
      const run = prepare(variant)
      return run ? [{ variant, time: briefly(run) }] : []
    })
    .sort((a, b) => a.time - b.time)
    .slice(0, FINALISTS)
    .map(({ variant }) => variant)
}

/** Milliseconds a call, the least of a few short series: enough to tell the fast forms from the slow. */
function briefly(run: () => void): number {
  run()
  let calls = 1
  let least = Number.POSITIVE_INFINITY
  for (let series = 0; series < 5; series++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) run()
    const time = (performance.now() - start) / calls
    if (time > 0) least = Math.min(least, time)
    calls = Math.max(1, Math.min(10_000, Math.ceil(0.2 / Math.max(time, 1e-5))))
  }
  return least
}
