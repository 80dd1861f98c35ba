// A fingerprint of the addon's sources, compiled into it and into the package: a binary built from other
// sources is not accepted. Printed when run by itself.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

export function sourceStamp() {
  const hash = createHash('sha256')
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  for (const file of files.map((name) => name.replaceAll('\\', '/')).sort()) {
    if (!/\.(h|cc|inc)$/.test(file)) continue
    hash.update(`${file}\n${readFileSync(`${import.meta.dirname}/${file}`, 'utf8').replaceAll('\r\n', '\n')}`)
  }
  return hash.digest('hex').slice(0, 16)
}

if (process.argv[1]?.endsWith('stamp.mjs')) process.stdout.write(sourceStamp())
