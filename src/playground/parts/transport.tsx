// Restart, play, pause, single steps, the timeline and the speed.
import type { Player } from '../player'
import { SPEEDS } from '../scene'
import { isPlaying, usePlayer, useStep } from './page'

interface Props {
  readonly player: Player
  readonly steps: number
  readonly speed: number
  onSpeed(speed: number): void
}

export function Transport({ player, steps, speed, onSpeed }: Props) {
  const step = useStep(player)
  const playing = usePlayer(player, isPlaying)
  const go = (to: number) => {
    player.pause()
    player.show(to)
  }
  return (
    <fieldset class="transport" aria-label="Playback">
      <button type="button" class="main" onClick={() => (playing ? player.pause() : player.play())}>
        {playing ? 'Pause' : 'Play'}
      </button>
      <button type="button" onClick={() => go(player.step + 1)} disabled={step >= steps}>
        Step
      </button>
      <button type="button" onClick={() => go(0)} disabled={step === 0}>
        Reset
      </button>
      <label class="speed">
        <span>Steps a second</span>
        <select value={speed} onChange={(event) => onSpeed(Number(event.currentTarget.value))}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed}/s
            </option>
          ))}
        </select>
      </label>
      <label class="timeline">
        <input
          type="range"
          min={0}
          max={steps}
          value={step}
          aria-label="Step shown"
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
        <output>
          step {step} of {steps}
        </output>
      </label>
    </fieldset>
  )
}
