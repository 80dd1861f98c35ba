// Long work in small pieces between animation frames, one job after another, so that nothing on the page stutters.

type Job = () => boolean

const jobs: Job[] = []
let scheduled = false

/** Milliseconds that pieces may take of a frame; less while the race is drawn too. */
const BUDGETS = { busy: 4, free: 12 }
let isBusy = () => false

/** Tells pieces whether the race is being drawn. */
export function yieldTo(busy: () => boolean): void {
  isBusy = busy
}

function frame(): void {
  const until = performance.now() + (isBusy() ? BUDGETS.busy : BUDGETS.free)
  while (jobs.length > 0 && performance.now() < until) if (jobs[0]()) jobs.shift()
  scheduled = jobs.length > 0
  if (scheduled) requestAnimationFrame(frame)
}

/** Runs `work` piece by piece and hands its result to `done`; returns what gives it up. */
export function inPieces<T>(work: Generator<void, T>, done: (result: T) => void): () => void {
  let given = false
  jobs.push(() => {
    if (given) return true
    const next = work.next()
    if (next.done) done(next.value)
    return next.done ?? false
  })
  if (!scheduled) requestAnimationFrame(frame)
  scheduled = true
  return () => {
    given = true
  }
}
