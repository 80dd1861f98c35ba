// Text into HTML: nothing that a record says is ever taken for markup.

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** JSON that cannot end the script element it stands in. */
export function inlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

/** The same for a script, where `</script` and `<!--` can only stand in strings or regular expressions. */
export function inlineScript(code: string): string {
  return code.replace(/<(?=\/script|!--)/gi, '\\x3c')
}

/** A text, or a number with the text that shows it: columns sort by the number. */
export type Cell = string | { text: string; value: number | null }

const LONG = 45 // characters, beyond which a cell breaks its lines

/** A table that can be sorted and copied. */
export function table(name: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = head.map((_, i) => rows.some((row) => typeof row[i] !== 'string'))
  const kind = (i: number) => (numeric[i] ? ' class=n' : '')
  const heads = head.map(
    (text, i) => `<th scope=col${kind(i)}><button type=button>${escapeHtml(text)}</button></th>`,
  )
  const cell = (content: Cell, i: number) => {
    const tag = i === 0 ? 'th scope=row' : 'td'
    if (typeof content === 'string') {
      const text = escapeHtml(content).replaceAll('/', '/<wbr>')
      return `<${tag}${content.length > LONG ? ' class=long' : kind(i)}>${text}`
    }
    const value = content.value === null ? '' : ` data-value="${content.value}"`
    return `<${tag}${kind(i)}${value}>${escapeHtml(content.text)}`
  }
  return `<div class=table>
<div class=copy><button type=button data-copy=markdown>Copy as Markdown</button><button type=button data-copy=csv>Copy as CSV</button></div>
<div class=scroll role=region tabindex=0 aria-label="${escapeHtml(name)}"><table aria-label="${escapeHtml(name)}">
<thead><tr>${heads.join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map(cell).join('')}`).join('\n')}
</tbody></table></div></div>`
}

export const list = (items: readonly string[], kind = '') =>
  items.length === 0
    ? ''
    : `<ul${kind && ` class=${kind}`}>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}</ul>`
