// What the makers of figures share: how contenders are numbered, numbers shortened and pictures told in words.
import type { StudySummary } from '../../bench/summary'
import { brief } from '../../bench/summary/words'

export type Numbering = (study: StudySummary) => number

/** Four significant digits: the page carries its data. */
export const short = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)))

/** 'adam 0.01, sgd 0.02': what a picture shows, for those who cannot see it. */
export const listed = (items: readonly (readonly [string, number | null])[]) =>
  items.map(([name, value]) => `${name} ${value === null ? 'not reached' : brief(value)}`).join(', ')

/** As many lines as there are colours: more cannot be told apart. */
export const MOST = 7
