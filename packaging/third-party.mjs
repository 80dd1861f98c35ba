// The licences of the packages whose code is bundled into dist.
import { readdirSync, readFileSync } from 'node:fs'

/** A document with every bundled package, grouped by the text of its licence. */
export function thirdParty(inputs) {
  const folders = new Set(
    [...inputs].flatMap((file) => file.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  )
  const texts = new Map()
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const text = readdirSync(folder)
      .filter((file) => /^(licen[cs]e|notice)/i.test(file))
      .sort()
      .map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim())
      .join('\n\n')
      .trim()
    if (text === '') throw new Error(`${name} is bundled without a licence text`)
    texts.set(text, [...(texts.get(text) ?? []), `- ${name} ${version} (${license})`])
  }
  const sections = [...texts].map(([text, names]) => `${names.join('\n')}\n\n\`\`\`text\n${text}\n\`\`\`\n`)
  return `# Code of others in this package\n\n${sections.join('\n')}`
}
