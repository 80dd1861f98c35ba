// What one sees while it runs: a live bar on a terminal, a line per optimizer elsewhere.
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** What is being done now. */
  label(text: string): void
  advance(epochs: number): void
  /** Something worth a line of its own where there is no bar. */
  note(text: string): void
  stop(): void
}

export function createProgress(total: number): Progress {
  if (!process.stdout.isTTY) {
    return { label() {}, advance() {}, note: (text) => console.log(text), stop() {} }
  }
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} % · {eta_formatted} left · {label}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      stream: process.stdout,
    },
    Presets.shades_classic,
  )
  bar.start(total, 0, { label: '' })
  return {
    label: (text) => bar.update({ label: text }),
    advance: (epochs) => bar.increment(epochs),
    note() {},
    stop: () => bar.stop(),
  }
}
