// `cauchy list`: what a benchmark can be made of.
import type { CAC } from 'cac'
import { budgets } from '../bench/budgets'
import { contenders } from '../bench/contenders'
import { namedSchedules } from '../bench/schedules'
import { problems } from '../problems/index'

function found() {
  return {
    problems: problems.map(({ name, kind, summary }) => ({ name, kind, summary })),
    optimizers: contenders.map(({ name, summary, space }) => ({ name, summary, space })),
    schedules: namedSchedules.map(({ name, summary }) => ({ name, summary })),
    budgets,
  }
}

function text({ problems, optimizers, schedules, budgets }: ReturnType<typeof found>): string {
  const section = (title: string, rows: readonly (readonly [string, string])[]) => {
    const width = Math.max(...rows.map(([name]) => name.length))
    return [title, ...rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`)].join('\n')
  }
  const kinds = [
    ['data', 'Problems with data'],
    ['landscape', 'Landscapes'],
    ['demonstration', 'Demonstrations'],
  ] as const
  return [
    ...kinds.map(([kind, title]) =>
      section(
        `${title} (--problem ${kind} for all of them)`,
        problems.filter((each) => each.kind === kind).map(({ name, summary }) => [name, summary]),
      ),
    ),
    section(
      'Optimizers, and the learning rates that are searched',
      optimizers.map(({ name, summary, space: { lr } }) => [name, `${summary} (${lr.min} … ${lr.max})`]),
    ),
    section(
      'Schedules',
      schedules.map(({ name, summary }) => [name, summary]),
    ),
    section(
      'Budgets',
      Object.entries(budgets).map(([name, budget]) => [
        name,
        `${budget.summary}: ${budget.trials} settings, then ${budget.seeds} seeds; ` +
          `${budget.optimizers.join(', ')}; ${budget.schedules.join(', ')}; ${budget.problems.join(', ')}`,
      ]),
    ),
  ].join('\n\n')
}

export function list(cli: CAC): void {
  cli
    .command('list', 'The problems, optimizers, schedules and budgets of cauchy bench')
    .option('--json', 'Print JSON')
    .example('cauchy list')
    .allowUnknownOptions()
    .action(({ json }) => console.log(json ? JSON.stringify(found(), null, 2) : text(found())))
}
