// Tables in the page: sorted by the buttons in their heads, copied as Markdown or CSV.

import { csv } from '../csv'

type Cells = string[][]

const cellsOf = (table: HTMLTableElement): Cells =>
  [...table.rows].map((row) => [...row.cells].map((cell) => (cell.textContent ?? '').trim()))

function markdown([head, ...rows]: Cells): string {
  const line = (cells: string[]) =>
    `| ${cells.map((text) => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}

/** Sorts by a column: numbers by `data-value`, what has none last. */
function sort(table: HTMLTableElement, column: number, ascending: boolean): void {
  const body = table.tBodies[0]
  const keyed = [...body.rows].map((row) => {
    const { dataset, textContent } = row.cells[column]
    return { row, text: textContent ?? '', value: dataset.value === undefined ? null : Number(dataset.value) }
  })
  const sign = ascending ? 1 : -1
  const numeric = keyed.some(({ value }) => value !== null)
  keyed.sort((a, b) => {
    if (!numeric) return sign * a.text.localeCompare(b.text, 'en', { numeric: true })
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
    return sign * (a.value - b.value)
  })
  body.append(...keyed.map(({ row }) => row))
}

function makeSortable(table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll('thead th')]
  for (const [column, head] of heads.entries()) {
    head.querySelector('button')?.addEventListener('click', () => {
      const ascending = head.getAttribute('aria-sort') !== 'ascending'
      for (const other of heads) other.removeAttribute('aria-sort')
      head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending')
      sort(table, column, ascending)
    })
  }
}

function makeCopyable(table: HTMLTableElement, buttons: Iterable<HTMLButtonElement>): void {
  for (const button of buttons) {
    const name = button.textContent
    button.addEventListener('click', async () => {
      const cells = cellsOf(table)
      const done = await copy(button.dataset.copy === 'csv' ? csv(cells) : markdown(cells))
      button.textContent = done ? 'Copied' : 'Not copied'
      setTimeout(() => {
        button.textContent = name
      }, 1500)
    })
  }
}

export function liveTables(): void {
  for (const block of document.querySelectorAll('.table')) {
    const table = block.querySelector('table')
    if (table === null) continue
    makeSortable(table)
    makeCopyable(table, block.querySelectorAll<HTMLButtonElement>('button[data-copy]'))
  }
}
