// The first line of the results: what measured here.
import { availableParallelism, cpus } from 'node:os'
import { version } from '../../package.json'
import type { Config, Header } from './records'

export function headerOf(config: Config, command: string[]): Header {
  return {
    kind: 'header',
    version: 1,
    cauchy: version,
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    date: new Date().toISOString(),
    command,
    config,
  }
}
