// The report's style sheet: style.css with the palette as --c0, --c1, …
import { PALETTE } from '../palette'
import css from './style.css'

const colours = (scheme: 'light' | 'dark') =>
  `:root { ${PALETTE.map((line, k) => `--c${k}: ${line[scheme]};`).join(' ')} }`

export const style = `${css}
${colours('light')}
@media screen and (prefers-color-scheme: dark) { ${colours('dark')} }
`
