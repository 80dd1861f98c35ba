// Draws the report's charts in the reader's browser, again whenever the width or the colour scheme changes.
import * as Plot from '@observablehq/plot'
import type { ChartData, LossPoint, SensitivityPoint } from './chart-data'

const data: ChartData = JSON.parse(document.getElementById('data')?.textContent ?? '')
const style = { background: 'transparent', fontSize: '13px', fontFamily: 'inherit', overflow: 'visible' }

/** Small multiples, one per optimizer, as many in a row as the width allows. */
function sensitivity(width: number): Element {
  const columns = width < 480 ? 2 : 4
  const rows = Math.ceil(data.optimizers.length / columns)
  const column = ({ optimizer }: SensitivityPoint) => data.optimizers.indexOf(optimizer) % columns
  const row = ({ optimizer }: SensitivityPoint) => Math.floor(data.optimizers.indexOf(optimizer) / columns)
  const place = { fx: column, fy: row }
  const names = data.optimizers.map((optimizer) => ({ optimizer }) as SensitivityPoint)
  const base = { x: 'lr', y: 'accuracy', stroke: 'model', ...place } as const
  return Plot.plot({
    width,
    height: 90 + 165 * rows,
    marginTop: 44,
    marginBottom: 44,
    marginLeft: 44,
    style,
    x: { type: 'log', label: 'learning rate', labelOffset: 38, ticks: [1e-4, 1e-2, 1], tickFormat: exponent },
    y: { domain: [0, 100], label: 'validation accuracy, %', percent: true, grid: true, ticks: 4 },
    fx: { axis: null, padding: 0.12 },
    fy: { axis: null, padding: 0.22 },
    color: { legend: true, domain: data.models },
    marks: [
      Plot.frame({ strokeOpacity: 0.15 }),
      Plot.text(names, {
        ...place,
        text: 'optimizer',
        frameAnchor: 'top-left',
        dy: -18,
        fontWeight: 600,
      }),
      Plot.line(data.sensitivity, { ...base, z: 'model', strokeWidth: 2 }),
      Plot.dot(data.sensitivity, { ...base, filter: (d) => !d.diverged, r: 3, fill: 'model' }),
      Plot.dot(data.sensitivity, {
        ...base,
        filter: (d) => d.diverged,
        symbol: 'times',
        r: 6,
        strokeWidth: 2.5,
      }),
      Plot.tip(
        data.sensitivity,
        Plot.pointer({
          x: 'lr',
          y: 'accuracy',
          ...place,
          fill: 'var(--card)',
          title: (d: SensitivityPoint) =>
            `${d.optimizer}, ${d.model}\nrate ${d.lr}: ${(100 * d.accuracy).toFixed(1)} %${d.diverged ? ', diverged' : ''}`,
        }),
      ),
    ],
  })
}

function losses(width: number, points: LossPoint[]): Element {
  return Plot.plot({
    width,
    height: 340,
    marginLeft: 52,
    marginBottom: 44,
    style,
    x: { label: 'epoch', labelOffset: 38, ticks: width < 480 ? 5 : 10, tickFormat: 'd' },
    y: {
      type: 'log',
      label: 'training loss (log)',
      grid: true,
      ticks: powersWithin(points),
      tickFormat: '~g',
    },
    color: { legend: true, domain: data.optimizers },
    marks: [
      Plot.line(points, { x: 'epoch', y: 'loss', stroke: 'optimizer', z: 'optimizer', strokeWidth: 2 }),
      Plot.tip(
        points,
        Plot.pointer({
          x: 'epoch',
          y: 'loss',
          fill: 'var(--card)',
          title: (d: LossPoint) => `${d.optimizer}\nepoch ${d.epoch}: loss ${d.loss.toPrecision(3)}`,
        }),
      ),
    ],
  })
}

/** Powers of ten between the least and the greatest loss. */
function powersWithin(points: LossPoint[]): number[] {
  const values = points.map(({ loss }) => loss)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return [0.0001, 0.001, 0.01, 0.1, 1, 10, 100].filter((power) => power >= least && power <= most)
}

/** 0.001 → 10⁻³, short enough for a narrow axis. */
function exponent(rate: number): string {
  const digits = String(Math.round(Math.log10(rate)))
  return `10${[...digits].map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('')}`
}

function draw(id: string, make: (width: number) => Element): void {
  const place = document.getElementById(id)
  if (place === null) return
  let drawn = 0
  new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth)
    if (width === drawn || width === 0) return
    drawn = width
    place.replaceChildren(make(width))
  }).observe(place)
}

draw('sensitivity', sensitivity)
data.losses.forEach((points, i) => {
  draw(`loss-${i}`, (width) => losses(width, points))
})
