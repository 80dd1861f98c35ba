// What all pictures share: their frame, colours, dashes, and names at the ends of lines.
import {
  initializer,
  type Markish,
  type PlotOptions,
  plot,
  pointer,
  type TipOptions,
  text,
  tip,
} from '@observablehq/plot'
import { brief } from '../../bench/summary/words'
import { PALETTE } from '../../palette'

export interface Canvas {
  /** CSS pixels. */
  width: number
  contenders: readonly string[]
  /** Those with a colour and a name, the others being grey. */
  chosen: readonly number[]
  /** For a picture that stands alone: where to make it, and its heading. */
  alone?: { document: Document; title: string; source: string }
}

const COLOURS = PALETTE.length
const DASHES = ['none', '7 3', '2 3', '9 3 2 3', '12 4']

export const colour = (place: number) => `var(--c${place % COLOURS})`
export const dashes = (place: number) => DASHES[Math.floor(place / COLOURS) % DASHES.length]

/** The same colour for a contender everywhere; where they are too many for that, the colours of one picture. */
export function inks({ chosen, contenders }: Canvas) {
  const place = (contender: number) => (contenders.length > COLOURS ? chosen.indexOf(contender) : contender)
  return {
    inColour: (contender: number) => place(contender) >= 0,
    ink: (contender: number) => (place(contender) < 0 ? 'var(--faint)' : colour(place(contender))),
    dash: (contender: number) => (place(contender) < 0 ? 'none' : dashes(place(contender))),
  }
}

const TITLE = 44 // pixels

/** A plot; one that stands alone gets a heading, a source line and colours of its own. */
export function draw(canvas: Canvas, alt: string, options: PlotOptions & { height: number }): Element {
  const { width, alone } = canvas
  const marks: Markish[] = [...(options.marks ?? [])]
  const { marginTop = 20, marginBottom = 40, marginLeft = 48 } = options
  const extra = alone ? TITLE : 0
  if (alone) {
    const place = { dx: 12 - marginLeft, frameAnchor: 'top-left', facet: 'super' } as const
    marks.push(
      text([alone.title], { ...place, dy: -marginTop - extra + 12, fontSize: 15, fontWeight: 700 }),
      text([alone.source], { ...place, dy: -marginTop - extra + 32, fontSize: 10, fill: 'var(--soft)' }),
      // Plot would write it over the heading.
      text([options.y?.label ? `↑ ${options.y.label}` : ''], {
        ...place,
        dx: 4 - marginLeft,
        dy: 6 - marginTop,
      }),
    )
  }
  const element = plot({
    ...options,
    ...(alone && options.y ? { y: { ...options.y, label: null } } : {}),
    marks,
    width,
    height: options.height + extra,
    marginTop: marginTop + extra,
    marginBottom,
    marginLeft,
    ...(alone ? { document: alone.document } : {}),
    color: { type: 'identity' },
    ariaLabel: alone ? inAttribute(alone.title) : alt,
    ariaDescription: alone ? inAttribute(alt) : alt,
    style: {
      background: alone ? 'var(--card)' : 'transparent',
      color: 'var(--text)',
      fontSize: '12px',
      fontFamily: alone ? 'system-ui, sans-serif' : 'inherit',
      overflow: 'visible',
    },
  })
  element.setAttribute('role', 'img')
  return element
}

/** Node's DOM escapes attributes as HTML asks for; in an SVG file these must be escaped too. */
const inAttribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export const LINE = 14 // pixels

/** Names at the ends of lines; those at the same x are pushed apart where they would cover each other. */
export function endLabels<T>(
  { width }: Canvas,
  data: readonly T[],
  channels: Record<string, unknown>,
): Markish {
  const looks = {
    textAnchor: 'start',
    dx: 6,
    fontSize: width < NARROW ? 10 : 12,
    fontWeight: 600,
    stroke: 'var(--card)',
    strokeWidth: 4,
  } as const
  const spread = initializer(
    { ...channels, ...looks },
    (all, facets, { x, y, text: names }, scales, dimensions) => {
      const values = Float64Array.from((y?.value ?? []) as number[], (value) => scales.y?.(value) as number)
      const at = (x?.value ?? []) as number[]
      const heights = ((names?.value ?? []) as string[]).map((name) => LINE * name.split('\n').length)
      for (const facet of facets) {
        const indices = Array.from(facet)
        for (const place of new Set(indices.map((i) => at[i]))) {
          pushApart(
            indices.filter((i) => at[i] === place),
            values,
            heights,
            dimensions,
          )
        }
      }
      return { data: all, facets, channels: { y: { value: values } } }
    },
  )
  return text(data as T[], spread as never)
}

/** What a reader who points at something is told; a picture that stands alone cannot be pointed at. */
export function tips<T>(
  { alone, width }: Canvas,
  data: readonly T[],
  { title, ...options }: TipOptions & { title: (point: T) => string },
): Markish[] {
  if (alone) return []
  const lines = (point: T) => (width < NARROW ? title(point).replace(/(,|:) /g, '\n') : title(point))
  return [tip(data as T[], pointer({ ...options, title: lines, fill: 'var(--card)' }))]
}

type Room = { marginTop: number; marginBottom: number; height: number }

/** Down from the top where they are too close, then up from the bottom where they went too far. */
function pushApart(
  indices: number[],
  y: Float64Array,
  heights: readonly number[],
  { marginTop, marginBottom, height }: Room,
): void {
  const order = indices.sort((a, b) => y[a] - y[b])
  let above = marginTop - LINE / 2
  for (const i of order) {
    y[i] = Math.max(y[i], above + heights[i] / 2)
    above = y[i] + heights[i] / 2
  }
  let below = height - marginBottom + LINE / 2
  for (const i of order.reverse()) {
    y[i] = Math.min(y[i], below - heights[i] / 2)
    below = y[i] - heights[i] / 2
  }
}

/** A picture narrower than this is on a phone. */
export const NARROW = 480 // pixels

/** Room for names at the ends of lines, and the names cut to fit it. */
export function ends({ width, contenders, chosen }: Canvas) {
  const character = width < NARROW ? 6.6 : 8 // pixels of a bold one, about
  const room = Math.floor((width * 0.36 - 8) / character)
  const names = chosen.map((contender) => wrap(contenders[contender], Math.min(room, 24)))
  const longest = Math.max(4, ...names.flatMap((name) => name.split('\n').map((line) => line.length)))
  const marginRight = Math.round(8 + character * (longest + 1))
  return { marginRight, name: (contender: number) => names[chosen.indexOf(contender)] ?? '' }
}

/** 'optimizer, schedule' in one line if there is room for it, else in two. */
export function wrap(text: string, most: number): string {
  if (text.length <= most) return text
  return text
    .split(', ')
    .map((line) => cut(line, most))
    .join('\n')
}

export const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** ⌊log₁₀ x⌋ of a positive number. */
export const decade = (value: number) => Number(value.toExponential().split('e')[1])

/** Powers of ten among the values, about `most`; of a narrow range Plot chooses four. */
export function powers(values: readonly number[], most: number): number[] | number {
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  const [low, high] = [decade(least), decade(greatest)]
  const every = Math.max(1, Math.ceil((high - low) / most))
  const all = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, k) => high - k * every)
  const inside = all.map((exponent) => Number(`1e${exponent}`)).filter((power) => power >= least)
  return inside.length > 1 ? inside : 4
}

/** 0.001 → 10⁻³, short enough for a narrow axis. */
export function powerLabel(value: number): string {
  const exponent = decade(value)
  if ((exponent >= -1 && exponent <= 2) || Number(`1e${exponent}`) !== value) return brief(value)
  return `10${[...String(exponent)].map((c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('')}`
}
