// A document to draw in where there is no browser.
import { parseJSON } from 'linkedom'

/** <html><body></body></html>, without a parser: document, element, element, two ends. */
export const emptyDocument = () => parseJSON([9, 1, 'html', 1, 'body', -2]) as unknown as Document
