// The page: holds the scene, has it run, and joins the parts.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { PALETTE } from '../../palette'
import { CATALOGUE } from '../catalogue'
import { landscapeOf } from '../landscapes'
import { decodeScene, encodeScene } from '../link'
import { yieldTo } from '../pieces'
import { Player } from '../player'
import { outcome, useRuns } from '../race'
import { raceHash } from '../run'
import { initialScene, MOST_RACERS, type Racer, racer, type Scene } from '../scene'
import type { Track } from '../trajectories'
import { Curves } from './curves'
import { LandscapeMap } from './map'
import { isOver, usePlayer, useScheme } from './page'
import { RacerCard } from './racer'
import { Setup } from './setup'
import { Share } from './share'
import { Transport } from './transport'

/** The scene of an address, else the first one; and what is wrong with the address. */
function openScene(address: string): { scene: Scene; complaint: string } {
  try {
    return { scene: decodeScene(new URL(address).hash), complaint: '' }
  } catch (error) {
    return { scene: initialScene(), complaint: (error as Error).message }
  }
}

export function App() {
  const [{ scene, complaint }, open] = useState(() => openScene(location.href))
  const [player] = useState(() => new Player())
  const scheme = useScheme()
  const runs = useRuns(scene)
  const over = usePlayer(player, isOver)
  const landscape = landscapeOf(scene.landscape)
  const tracks = useMemo<Track[]>(
    () => runs.map((run, k) => ({ run, colour: PALETTE[k][scheme], label: String(k + 1) })),
    [runs, scheme],
  )
  player.end = scene.steps
  player.speed = scene.speed

  /** Another scene: from its start on, or whole at once while somebody turns a knob. */
  const change = (changed: Partial<Scene>, from: 'start' | 'end' | 'here') => {
    const next = { ...scene, ...changed }
    open({ scene: next, complaint: '' })
    player.end = next.steps
    if (from === 'start') {
      player.step = 0
      player.play()
    } else if (from === 'end') {
      player.pause()
      player.show(next.steps)
    }
  }
  const setRacers = (racers: readonly Racer[]) => change({ racers }, 'end')

  const hash = `#${encodeScene(scene)}`
  useEffect(() => {
    // Browsers refuse too many changes in a short time.
    const timer = setTimeout(() => history.replaceState(null, '', hash), 150)
    return () => clearTimeout(timer)
  }, [hash])
  useEffect(() => {
    // The address may have been written again since by the timer above: what was asked for is the event's.
    const follow = ({ newURL }: HashChangeEvent) => {
      const opened = openScene(newURL)
      open(opened)
      player.step = 0
      player.end = opened.scene.steps
      player.play()
    }
    addEventListener('hashchange', follow)
    yieldTo(() => player.playing)
    player.play()
    return () => removeEventListener('hashchange', follow)
  }, [player])

  return (
    <main>
      <header>
        <h1>Gradient descent, raced</h1>
        <p>
          Click the landscape to choose a start. Move a learning rate and see it stagnate, get it just right,
          or diverge.
        </p>
        {complaint && (
          <p class="complaint" role="alert">
            {complaint}; showing the first race instead.
          </p>
        )}
      </header>
      <Setup
        scene={scene}
        onChange={(changed) => change(changed, 'landscape' in changed ? 'start' : 'end')}
      />
      <div class="course">
        <div class="along">
          <div class="stage">
            <LandscapeMap
              landscape={landscape}
              start={scene.start}
              tracks={tracks}
              player={player}
              onStart={(start) => change({ start }, 'start')}
            />
            <Transport
              player={player}
              steps={scene.steps}
              speed={scene.speed}
              onSpeed={(speed) => change({ speed }, 'here')}
            />
            <p class="outcome" role="status">
              {over ? outcome(scene, runs) : ''}
            </p>
          </div>
          <Curves landscape={landscape} tracks={tracks} steps={scene.steps} player={player} />
        </div>
      </div>
      <section class="racers" aria-label="Racers">
        <ol>
          {scene.racers.map((own, k) => (
            <RacerCard
              key={k}
              scene={scene}
              racer={own}
              run={runs[k]}
              number={k + 1}
              colour={tracks[k].colour}
              onChange={(changed) => setRacers(scene.racers.with(k, changed))}
              onRemove={scene.racers.length > 1 ? () => setRacers(scene.racers.toSpliced(k, 1)) : undefined}
            />
          ))}
        </ol>
        <button
          type="button"
          disabled={scene.racers.length >= MOST_RACERS}
          onClick={() => setRacers([...scene.racers, racer(unused(scene))])}
        >
          Add a racer
        </button>
      </section>
      <Share
        link={`${location.href.split('#', 1)[0]}${hash}`}
        hash={raceHash(runs)}
        backend={runs[0].backend}
        onForget={() => change(initialScene(), 'start')}
      />
    </main>
  )
}

/** The first optimizer of the catalogue that does not race yet. */
function unused({ racers }: Scene): string {
  const names = Object.keys(CATALOGUE)
  return names.find((name) => racers.every(({ optimizer }) => optimizer !== name)) ?? names[0]
}
