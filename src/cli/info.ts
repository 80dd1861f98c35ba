// `cauchy info`: what computes here, what does not, and what to do about it.

import type { CAC } from 'cac'
import { type BackendInfo, backendInfo } from 'cauchy'
import { version } from '../../package.json'

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/there is no addon/, 'compile it here: npx cauchy build'],
  [/other sources/, 'compile it again: npx cauchy build; in a clone: npm run build'],
  [/must have \d+ bytes/, 'install the package again'],
  [/GLIBC|GLIBCXX|symbol not found/, "the system's C library is another or older one: npx cauchy build"],
  [/known-answer test/, 'force WebAssembly with CAUCHY_BACKEND=wasm, and please report this machine'],
  [
    /node-addons|ERR_DLOPEN_DISABLED|addons? (is|are) disabled/i,
    'start Node without --no-addons, with --allow-addons under the permission model',
  ],
  [/CAUCHY_ISA|CAUCHY_BACKEND/, 'unset CAUCHY_BACKEND and CAUCHY_ISA'],
  [/^native/, 'compile it here: npx cauchy build'],
  [/^wasm/, 'allow WebAssembly (with SIMD), or go on in JavaScript'],
]

const remedy = (message: string) => REMEDIES.find(([pattern]) => pattern.test(message))?.[1]

interface Tier {
  readonly name: string
  readonly isa?: string
  readonly error?: string
  readonly remedy?: string | undefined
}

function tryTier(name: BackendInfo['name']): Tier {
  try {
    return { name, isa: backendInfo({ backend: name }).isa }
  } catch (error) {
    const { message } = ((error as Error).cause ?? error) as Error
    return { name, error: message, remedy: remedy(message) }
  }
}

function report() {
  const tiers = (['native', 'wasm', 'js'] as const).map(tryTier)
  const { platform, arch, versions } = process
  const where = { cauchy: version, node: versions.node, platform, arch }
  try {
    const { name, isa, reason, errors } = backendInfo()
    const passedOver = name === 'native' ? errors.map(({ message }) => message) : []
    return { ...where, backend: name, isa, reason, passedOver, tiers }
  } catch (error) {
    const { message } = error as Error
    return { ...where, error: message, remedy: remedy(message), tiers }
  }
}

function text(found: ReturnType<typeof report>): string {
  const { cauchy, node, platform, arch, tiers } = found
  const lines = [`cauchy ${cauchy}, Node ${node}, ${platform}-${arch}`]
  if ('error' in found) lines.push(found.error, ...(found.remedy ? [`  → ${found.remedy}`] : []))
  else {
    lines.push(`backend: ${found.backend} ${found.isa} (${found.reason})`)
    for (const message of found.passedOver) lines.push(`passed over: ${message}`)
  }
  for (const { name, isa, error, remedy } of tiers) {
    lines.push(`${name.padEnd(7)} ${error === undefined ? isa : `not here: ${error}`}`)
    if (remedy) lines.push(`  → ${remedy}`)
  }
  return lines.join('\n')
}

export function info(cli: CAC): void {
  cli
    .command('info', 'What computes here, what does not load, and what to do about it')
    .option('--json', 'Print JSON')
    .example('cauchy info')
    .example('CAUCHY_BACKEND=native cauchy info --json')
    .allowUnknownOptions()
    .action(({ json }) => {
      const found = report()
      console.log(json ? JSON.stringify(found, null, 2) : text(found))
      if ('error' in found) process.exitCode = 1
    })
}
