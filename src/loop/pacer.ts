// Sharing the thread: when a long loop should let other tasks run, and how.

/** The longest a loop keeps the thread, in milliseconds: one frame at 60 Hz. */
const SLICE = 16

/** Laps before yielding whatever the clock says: Cloudflare Workers freeze it while code runs. */
const LAPS = 1024

export interface Pacer {
  /** Call after each lap: whether another of the same length would exceed the slice. */
  due(): boolean
  /** Lets every task that is waiting run. */
  yield(): Promise<void>
}

export function createPacer(): Pacer {
  let began = performance.now()
  let last = began
  let laps = 0
  return {
    due() {
      const now = performance.now()
      const lap = now - last
      last = now
      laps++
      return laps >= LAPS || now - began + lap >= SLICE
    },
    async yield() {
      await nextTask()
      began = performance.now()
      last = began
      laps = 0
    },
  }
}

/** Resolves in a later task, by the quickest means the runtime has; setTimeout alone costs browsers 4 ms. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else if (typeof MessageChannel === 'function') {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        // An open port would keep the process alive.
        port1.close()
        resolve()
      }
      port2.postMessage(null)
    } else setTimeout(resolve, 0)
  })
}
