// Medians and quartiles of small samples in which some values were never reached.

export const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

/** Of a sample with linear interpolation; null where the quartile falls on values that were never reached. */
export interface Quartiles {
  q1: number | null
  median: number | null
  q3: number | null
}

/** The p-quantile (Hyndman and Fan's type 7, NumPy's default); null counts as infinite. */
export function quantile(values: readonly (number | null)[], p: number): number | null {
  if (values.length === 0) return null
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const at = (sorted.length - 1) * p
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  const value = low === high ? low : low + (high - low) * (at - Math.floor(at))
  return Number.isFinite(value) ? value : null
}

export function quartiles(values: readonly (number | null)[]): Quartiles {
  return { q1: quantile(values, 0.25), median: quantile(values, 0.5), q3: quantile(values, 0.75) }
}
