// Where and when the numbers were measured: no benchmark table without it.
import { cpus } from 'node:os'

export interface Machine {
  cpu: string
  cores: number
  node: string
  platform: string
  date: string
}

export function describeMachine(): Machine {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    date: new Date().toISOString().slice(0, 10),
  }
}
