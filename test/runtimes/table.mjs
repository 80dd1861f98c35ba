// The table of what ran where, in Markdown; versions of a runtime that agree share a row.

const HEADINGS = ['runtime', 'version', 'how', 'backend', 'hash', 'cold start, ms']

const range = (numbers) => [...new Set([Math.min(...numbers), Math.max(...numbers)])].join(' – ')

export function table(rows) {
  const groups = new Map()
  for (const row of rows) {
    const key = [row.runtime, row.how, row.backend, row.result].join()
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const lines = [...groups.values()].map((group) => {
    const [{ runtime, how, backend, result }] = group
    const versions = [...new Set(group.map(({ version }) => version))].join(', ')
    const ms = group.filter(({ ms }) => ms !== undefined).map(({ ms }) => Math.round(ms))
    return [runtime, versions, how, backend, result, ms.length > 0 ? range(ms) : '']
  })
  return [HEADINGS, HEADINGS.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
