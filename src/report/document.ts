// Pictures where there is no browser: a document to draw in, and what was drawn as a file.
import { parseJSON } from 'linkedom'
import { PALETTE } from '../palette'
import css from './style.css'

/** <html><body></body></html>, without a parser: document, element, element, two ends. */
export const emptyDocument = () => parseJSON([9, 1, 'html', 1, 'body', -2]) as unknown as Document

/** The colours of light schemes: the style sheet's first rule, and the palette. */
const LIGHT = new Map([
  ...[...css.slice(0, css.indexOf('}')).matchAll(/(--\w+): (#\w+);/g)].map(
    ([, name, value]) => [name, value] as const,
  ),
  ...PALETTE.map(({ light }, k) => [`--c${k}`, light] as const),
])

/** A picture that stands alone as a document, its colours in place. */
export function asDocument(element: Element): string {
  element.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${element.outerHTML.replace(/var\((--\w+)\)/g, (_, name) => LIGHT.get(name) as string)}\n`
}
