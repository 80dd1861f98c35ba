// What a problem threw, in words: what, where in the user's file, and in which of its functions.
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** On one line: 'TypeError: no such column (my-problem.mjs:12:9, in validate)'. */
export function messageOf(error: unknown, file: string | null): string {
  if (!(error instanceof Error)) return `threw ${String(error).slice(0, 300)}`
  const text = `${error.name}: ${error.message}`.split('\n', 1)[0].slice(0, 300)
  const place = placeOf(error, file)
  return place === undefined ? text : `${text} (${place})`
}

/** Where the user's code threw; undefined when this package did, about what it was given. */
export function placeOf(error: Error, file: string | null): string | undefined {
  const frames = (error.stack ?? '').split('\n').flatMap(frameOf)
  const first = frames.findIndex(({ path }) => !isOurs(path))
  if (first < 0) return error instanceof SyntaxError && file !== null ? placeOfSyntaxError(file) : undefined
  const rest = frames.slice(first)
  const end = rest.findIndex(({ path }) => isOurs(path))
  const called = rest.slice(0, end < 0 ? undefined : end).at(-1)?.name
  const { path, at } = rest[0]
  return `${basename(path)}:${at}${called ? `, in ${called}` : ''}`
}

const OURS = fileURLToPath(new URL('.', import.meta.url))

const isOurs = (path: string) => path.startsWith(OURS)

/** `    at Object.validate (file:///my-problem.mjs?0:12:9)`; nothing for frames without a file. */
function frameOf(line: string): { name: string; path: string; at: string }[] {
  const match = /^ *at (?:async )?(?:(.*) \()?((?:file:|\/|[A-Z]:)[^?()]*)(?:\?\d+)?:(\d+:\d+)\)?$/.exec(line)
  if (match === null) return []
  const [, called = '', where, at] = match
  const path = where.startsWith('file:') ? fileURLToPath(where) : where
  return [{ name: called.replace(/.*\[as (.*)\]$/, '$1').replace(/^.*\./, ''), path, at }]
}

/** The stack of a syntax error does not tell its place; Node's own check does. */
function placeOfSyntaxError(file: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
  const line = /:(\d+)$/m.exec(stderr ?? '')?.[1]
  return line && `${basename(file)}:${line}`
}
