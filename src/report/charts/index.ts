// The pictures, drawn by the same code in Node, for the files, and in the reader's browser, for the page.
import { curves } from './curves'
import type { Figure } from './data'
import type { Canvas } from './frame'
import { profiles } from './profiles'
import { range } from './range'
import { forgiveness, rates } from './rates'
import { split, throughput } from './time'
import { trajectories } from './trajectories'

export function drawFigure({ chart, alt, chosen }: Figure, place: Omit<Canvas, 'chosen'>): Element {
  const canvas = { ...place, chosen: chosen ?? [...place.contenders.keys()] }
  switch (chart.kind) {
    case 'curves':
      return curves(chart, canvas, alt)
    case 'rates':
      return rates(chart, canvas, alt)
    case 'forgiveness':
      return forgiveness(chart, canvas, alt)
    case 'profiles':
      return profiles(chart, canvas, alt)
    case 'trajectories':
      return trajectories(chart, canvas, alt)
    case 'split':
      return split(chart, canvas, alt)
    case 'throughput':
      return throughput(chart, canvas, alt)
    case 'range':
      return range(chart, canvas, alt)
  }
}
