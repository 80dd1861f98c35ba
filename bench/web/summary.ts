// The results in words: the best, the most forgiving, what diverged, whether the bits agree.
import { MARGIN, type ModelResult } from '../compare/results'
import { percent } from '../compare/tables'
import type { Report } from './report'

/** Accuracy of a network that only guesses: one class in ten, and some luck. */
const GUESSING = 0.2

export function summarize({ models, backends }: Report): string[] {
  return [...models.map(bestOf), ...models.map(workingRates), failures(models), agreement(backends)]
}

function bestOf({ name, optimizers }: ModelResult): string {
  const accuracies = optimizers.map(({ best }) => best?.accuracy ?? 0)
  const top = Math.max(...accuracies)
  const winners = optimizers.filter((_, i) => accuracies[i] === top)
  return (
    `Best on the ${name}: ${list(winners.map((winner) => `${winner.name} at ${winner.best?.lr}`))}, ` +
    `with ${percent(top)} of the validation digits right; at its best rate every optimizer reaches ` +
    `${percent(Math.min(...accuracies))} or more.`
  )
}

/** 3 for Adam and AdamW, 2 for … */
function workingRates({ name, optimizers }: ModelResult): string {
  const counts = [...new Set(optimizers.map(({ zones }) => zones.works))].sort((a, b) => b - a)
  const groups = counts.map((count) => {
    const names = optimizers.filter(({ zones }) => zones.works === count).map((optimizer) => optimizer.name)
    return `${count} for ${names.length === optimizers.length ? 'all' : list(names)}`
  })
  return (
    `Rates that work on the ${name}, of ${optimizers[0].settings.length} a factor of ten apart ` +
    `(within ${100 * MARGIN} points of the optimizer's own best): ${groups.join('; ')}.`
  )
}

function failures(models: ModelResult[]): string {
  const all = models.flatMap(({ optimizers }) =>
    optimizers.flatMap((o) => o.settings.map((s) => ({ ...s, of: o }))),
  )
  const diverged = all.filter((setting) => setting.diverged > 0)
  const guessing = all.filter(
    ({ diverged, accuracy, lr, of }) => diverged === 0 && accuracy <= GUESSING && lr > (of.best?.lr ?? 0),
  )
  const more =
    guessing.length === 0
      ? ''
      : ` ${guessing.length} more were too high in silence: a finite loss, but only guessing.`
  return `${diverged.length} of ${all.length} settings diverged.${more}`
}

function agreement({ available, rows }: Report['backends']): string {
  const names = list(available.map(({ name }) => name))
  const different = rows.filter((row) => !row.same).map((row) => row.optimizer)
  if (available.length < 2)
    return `Only the ${names} backend loads here: there is nothing to compare it with.`
  if (different.length > 0) return `The backends ${names} DIFFER for ${list(different)}.`
  return `The backends ${names} ended with the same bits for all ${rows.length} optimizers.`
}

function list(items: string[]): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
