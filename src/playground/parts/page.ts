// What components ask of the page: the width of an element, the colour scheme, the player's step.
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Player } from '../player'

/** A reference and the width of the element it is given to, whole pixels; 0 before it is known. */
export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(Math.floor(contentRect.width)))
    observer.observe(ref.current as HTMLDivElement)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}

/** 'dark' or 'light', as the reader's system has it now. */
export function useScheme(): 'dark' | 'light' {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'))
  const [dark, setDark] = useState(query.matches)
  useEffect(() => {
    const changed = () => setDark(query.matches)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [query])
  return dark ? 'dark' : 'light'
}

/** What `look` says of the player now; the component is drawn again only when that changes. */
export function usePlayer(player: Player, look: (player: Player) => boolean): boolean {
  const [seen, setSeen] = useState(look(player))
  useEffect(() => player.onChange(() => setSeen(look(player))), [player, look])
  return seen
}

/** Milliseconds between two steps in words while the race goes on: faster than that nobody reads. */
const READABLE = 100

/** The player's step, ten times a second while it plays. */
export function useStep(player: Player): number {
  const [seen, setSeen] = useState(player.step)
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY
    return player.onChange(() => {
      const now = performance.now()
      if (player.playing && now - last < READABLE) return
      last = now
      setSeen(player.step)
    })
  }, [player])
  return seen
}

export const isPlaying = ({ playing }: Player) => playing
export const isOver = ({ playing, step, end }: Player) => !playing && step >= end
