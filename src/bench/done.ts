// What is done of one study: its records, each of them once.
import type { RunRecord, StudyRecord } from './records'

export class Done {
  private readonly byKey = new Map<string, StudyRecord>()

  constructor(records: readonly StudyRecord[]) {
    for (const record of records) this.add(record)
  }

  get records(): StudyRecord[] {
    return [...this.byKey.values()]
  }

  get runs(): RunRecord[] {
    return this.records.filter((record) => record.kind === 'run')
  }

  /** A check may have the id of a run: one of a single step. */
  has(kind: StudyRecord['kind'], id: string): boolean {
    return this.byKey.has(`${kind} ${id}`)
  }

  /** False when it is there already. */
  add(record: StudyRecord): boolean {
    if (this.has(record.kind, record.id)) return false
    this.byKey.set(`${record.kind} ${record.id}`, record)
    return true
  }
}
