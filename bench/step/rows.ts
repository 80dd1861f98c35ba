// From specs to rows: groups that are interleaved, each with the roofline over its own pages.
import { freemem } from 'node:os'
import { type Candidate, type Effort, measure } from './measure'
import type { Roofline } from './roofline'
import type { Row, Spec } from './spec'
import { bytesHeld, createSubject, nameOf, type Subject } from './subject'

/** A roofline slower than what it bounds is no roofline. */
export const HIGHEST_RATIO = 1.03

/** Specs that are compared with each other, hence measured together, as far as memory goes. */
export function groupsOf(specs: readonly Spec[], memory: number): { groups: Spec[][]; skipped: Spec[] } {
  const skipped = specs.filter((spec) => bytesHeld(spec) > memory)
  const groups = new Map<string, Spec[][]>()
  for (const spec of specs) {
    if (skipped.includes(spec)) continue
    const key = [spec.rule, spec.dtype, spec.n, spec.tensors].join()
    const parts = groups.get(key) ?? [[]]
    const held = parts[parts.length - 1].reduce((sum, other) => sum + bytesHeld(other), 0)
    if (held + bytesHeld(spec) > memory) parts.push([])
    parts[parts.length - 1].push(spec)
    groups.set(key, parts)
  }
  return { groups: [...groups.values()].flat(), skipped }
}

/** Seconds of a step, and of the roofline over its pages, as a row. */
export function rowOf(
  { spec, bytes }: Pick<Subject, 'spec' | 'bytes'>,
  step: number,
  roofline: number | null,
): Row {
  const nsPerParam = (step * 1e9) / spec.n
  return {
    ...spec,
    nsPerParam,
    gbPerSec: bytes / nsPerParam,
    rooflineNsPerParam: roofline === null ? null : (roofline * 1e9) / spec.n,
    rooflineRatio: roofline === null ? null : roofline / step,
  }
}

/** Measures subjects together, each next to the roofline over its pages. */
async function measureOnce(
  subjects: readonly Subject[],
  roofline: Roofline | null,
  effort: Effort,
): Promise<Row[]> {
  const stages = subjects.map((subject) => {
    const { arrays } = subject.pages
    const { threads } = subject.spec
    const like = [...arrays.map(({ byteLength }) => byteLength), threads].join()
    const bounds: Candidate[] =
      arrays.length > 0 ? (roofline?.candidates(like, subject.pages, threads) ?? []) : []
    const rivals = hasRival(subject.spec) ? (roofline?.handWritten(subject.pages) ?? []) : []
    return { subject, bounds, rivals }
  })
  const candidates = stages.flatMap(({ subject, bounds, rivals }): Candidate[] => [
    subject,
    ...bounds,
    ...rivals,
  ])
  const times = await measure(candidates, effort)
  const least = (of: readonly Candidate[]) => Math.min(...of.map((one) => times.get(one) as number))
  return stages.map(({ subject, bounds, rivals }) => {
    const step = times.get(subject) as number
    const row = rowOf(subject, step, bounds.length > 0 ? least(bounds) : null)
    return rivals.length > 0 ? { ...row, handWrittenRatio: least(rivals) / step } : row
  })
}

/** Whether AdamW written by hand does the same: one thread, one tensor, float32, where arithmetic and not memory counts. */
const hasRival = ({ rule, backend, dtype, state, threads, tensors, mode, n }: Spec) =>
  [rule, backend, dtype, state, mode].join() === 'adamw,native,float32,float32,owned' &&
  threads === 1 &&
  tensors === 1 &&
  n <= 1 << 20

/**
 * Measures subjects together. Where one beats its roofline that was noise, or a fast form was not among the finalists:
 * everything once more, longer, with the forms chosen anew.
 */
export async function measureGroup(
  subjects: readonly Subject[],
  roofline: Roofline | null,
  effort: Effort,
): Promise<Row[]> {
  const rows = await measureOnce(subjects, roofline, effort)
  if (tooFast(rows).length === 0) return rows
  roofline?.chooseAnew()
  return measureOnce(subjects, roofline, { ...effort, rounds: 3 * effort.rounds })
}

/** Measures every spec; `note` hears what happens. */
export async function measureAll(
  specs: readonly Spec[],
  roofline: Roofline | null,
  effort: Effort,
  note: (text: string) => void,
): Promise<Row[]> {
  const { groups, skipped } = groupsOf(specs, freemem() / 2)
  for (const spec of skipped) note(`not measured, memory does not suffice: ${nameOf(spec)}`)
  const rows: Row[] = []
  for (const [k, group] of groups.entries()) {
    const { rule, dtype, n, tensors } = group[0]
    note(`${k + 1}/${groups.length}: ${rule}, ${dtype}, n=${n}${tensors > 1 ? ` in ${tensors} tensors` : ''}`)
    globalThis.gc?.() // the memory of the group before
    rows.push(...(await measureGroup(group.map(createSubject), roofline, effort)))
  }
  return rows
}

/** Rows that beat their roofline. */
export const tooFast = (rows: readonly Row[]): Row[] =>
  rows.filter(({ rooflineRatio }) => rooflineRatio !== null && rooflineRatio > HIGHEST_RATIO)
