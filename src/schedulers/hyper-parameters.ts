// Hyper-parameters of a group by name, single numbers and entries of lists alike, written all or none.

/** A number among a group's hyper-parameters; `set` checks as an assignment does. */
export interface HyperParameter {
  get(): number
  set(value: number): void
}

/** Every number among a group's hyper-parameters: 'lr', 'eps', 'betas[0]', … */
export function numericParameters(group: object): Map<string, HyperParameter> {
  const values = group as Record<string, unknown>
  const found = new Map<string, HyperParameter>()
  for (const [key, value] of Object.entries(group)) {
    if (typeof value === 'number') {
      found.set(key, {
        get: () => values[key] as number,
        set: (next) => {
          values[key] = next
        },
      })
    }
    if (!Array.isArray(value)) continue
    value.forEach((item, index) => {
      if (typeof item !== 'number') return
      found.set(`${key}[${index}]`, {
        get: () => (values[key] as number[])[index],
        set: (next) => {
          values[key] = (values[key] as number[]).map((item, i) => (i === index ? next : item))
        },
      })
    })
  }
  return found
}

/** Assigns every value, or none when one of them is refused. */
export function assignAll(targets: readonly HyperParameter[], values: readonly number[]): void {
  const before = targets.map((target) => target.get())
  let done = 0
  try {
    for (; done < targets.length; done++) targets[done].set(values[done])
  } catch (error) {
    for (let i = 0; i < done; i++) targets[i].set(before[i])
    throw error
  }
}

/** Throws what assigning the values would throw, and changes nothing. */
export function checkAll(targets: readonly HyperParameter[], values: readonly number[]): void {
  const before = targets.map((target) => target.get())
  assignAll(targets, values)
  assignAll(targets, before)
}
