// The bundle with the pictures: Node imports it for the files, and the page holds its text and runs it.
import type { Figure } from './data'
import { drawFigure } from './index'
import { liveTables } from './tables'

export { drawFigure } from './index'

/** Draws a figure when it comes into sight or is printed, and again when its width changes. */
function hydrate(place: HTMLElement, figure: Figure, contenders: readonly string[]): void {
  let drawn = 0
  const redraw = () => {
    const width = Math.floor(place.clientWidth)
    if (width === drawn || width === 0) return
    drawn = width
    place.replaceChildren(drawFigure(figure, { width, contenders }))
  }
  const seen = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return
      seen.disconnect()
      new ResizeObserver(redraw).observe(place)
    },
    { rootMargin: '600px' },
  )
  seen.observe(place)
  addEventListener('beforeprint', redraw)
}

/** A link to a problem unfolds it. */
function unfold(): void {
  const place = document.getElementById(location.hash.slice(1))
  if (!(place instanceof HTMLDetailsElement) || place.open) return
  place.open = true
  place.scrollIntoView()
}

if (typeof document !== 'undefined') {
  const data = JSON.parse(document.getElementById('figures')?.textContent ?? '')
  for (const figure of data.figures as Figure[]) {
    const place = document.getElementById(`figure-${figure.name}`)
    if (place !== null) hydrate(place, figure, data.contenders)
  }
  liveTables()
  unfold()
  addEventListener('hashchange', unfold)
}
