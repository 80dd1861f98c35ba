// A call of a worker, in a thread of its own: what it leaves behind, as a timer, ends with it and meets no other call.
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { messageOf } from './blame'

/** Megabytes of JavaScript heap of one thread. */
const HEAP = 2048
/** Milliseconds: a timer set for longer fires at once. */
const LONGEST = 2 ** 31 - 1

export interface Call {
  readonly method: 'describe' | 'study' | 'range'
  readonly args: readonly unknown[]
}

/** What a thread says: events, then how the call ended. */
export type Message = { event: unknown } | { result: unknown } | { error: string }

export interface Listener {
  /** @param text what the problem prints */
  output(text: string): void
  event(event: unknown): void
}

/** The thread has not done what it was called for. */
export class ThreadError extends Error {}

/** It said nothing for so long that it was ended. */
export class LateError extends ThreadError {
  constructor(seconds: number) {
    super(`nothing came for ${seconds} s`)
  }
}

/**
 * Settles when the thread is gone: only then has everything that it said arrived.
 * @param file whose code runs there, to say where it crashed
 * @param seconds that may pass without a word
 */
export function callThread(call: Call, file: string | null, seconds: number, listener: Listener) {
  const thread = new Worker(fileURLToPath(new URL('./bench-worker.mjs', import.meta.url)), {
    workerData: call,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP },
  })
  let timer: NodeJS.Timeout | undefined
  let end: { result: unknown } | { error: unknown } | undefined
  /** What it said before may come later. */
  let crash: string | undefined
  const stop = (error: unknown) => {
    end ??= { error }
    thread.terminate()
  }
  const arm = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stop(new LateError(seconds)), Math.min(1000 * seconds, LONGEST))
  }
  arm()
  thread.stdout.setEncoding('utf8').on('data', listener.output)
  thread.stderr.setEncoding('utf8').on('data', listener.output)
  thread.on('message', (message: Message) => {
    if (end !== undefined) return
    if ('result' in message) end = message
    else if ('error' in message) end = { error: new ThreadError(message.error) }
    else {
      arm()
      try {
        listener.event(message.event)
      } catch (error) {
        stop(error)
      }
    }
  })
  thread.on('error', (error) => {
    crash = crashReason(error, file)
  })
  const ended = new Promise<unknown>((resolve, reject) => {
    thread.on('exit', (code) => {
      clearTimeout(timer)
      crash ??= `the problem ended its thread with exit code ${code}`
      end ??= { error: new ThreadError(crash) }
      if ('result' in end) resolve(end.result)
      else reject(end.error)
    })
  })
  return { thread, ended }
}

function crashReason(error: NodeJS.ErrnoException, file: string | null): string {
  const full = error?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return full ? `the problem ran out of memory (${HEAP} MB)` : `crashed: ${messageOf(error, file)}`
}
