// The licences of the packages whose code is bundled into dist.
import { existsSync, readFileSync } from 'node:fs'

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '')

/** A document with every bundled package, grouped by the text of its licence. */
export function thirdParty(inputs) {
  const folders = new Set(
    [...inputs].flatMap((file) => file.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  )
  const texts = new Map()
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(read(`${folder}/package.json`))
    const text = ['LICENSE', 'LICENSE.md', 'license', 'NOTICE']
      .map((file) => read(`${folder}/${file}`))
      .join('\n\n')
      .trim()
    if (text === '') throw new Error(`${name} is bundled without a licence text`)
    texts.set(text, [...(texts.get(text) ?? []), `- ${name} ${version} (${license})`])
  }
  const sections = [...texts].map(([text, names]) => `${names.join('\n')}\n\n\`\`\`text\n${text}\n\`\`\`\n`)
  return `# Code of others in this package\n\n${sections.join('\n')}`
}
