// Plays a race: which step is shown, moved on with the clock of animation frames.

export class Player {
  step = 0
  playing = false
  /** Steps a second. */
  speed = 60
  /** The last step there is. */
  end = 0
  readonly #listeners = new Set<() => void>()
  #last: number | undefined
  #fraction = 0

  /** Calls `listener` whenever what is shown changes; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  show(step: number): void {
    this.step = Math.min(Math.max(step, 0), this.end)
    this.#notify()
  }

  /** Goes on from here, from the start if this is the end; at once to the end for who wants no motion. */
  play(): void {
    if (this.step >= this.end) this.step = 0
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.playing = false
      this.show(this.end)
      return
    }
    const idle = !this.playing
    this.playing = true
    this.#last = undefined
    this.#fraction = 0
    if (idle) requestAnimationFrame(this.#frame)
    this.#notify()
  }

  pause(): void {
    this.playing = false
    this.#notify()
  }

  readonly #frame = (now: number) => {
    if (!this.playing) return
    // After a pause of the page itself, as in a hidden tab, it does not leap.
    this.#fraction += (this.speed * Math.min(now - (this.#last ?? now), 100)) / 1000
    this.#last = now
    const whole = Math.floor(this.#fraction)
    this.#fraction -= whole
    if (this.step + whole >= this.end) this.playing = false
    else requestAnimationFrame(this.#frame)
    if (whole > 0 || !this.playing) this.show(this.step + whole)
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}
