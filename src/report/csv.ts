// Cells as comma-separated values, the same copied from the page and written beside it.

/** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe. */
export function csv(cells: readonly (readonly string[])[]): string {
  const field = (text: string) => {
    const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return cells.map((row) => row.map(field).join(',')).join('\r\n')
}
