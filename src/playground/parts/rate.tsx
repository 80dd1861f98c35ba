// The learning-rate slider over the spectrum, on a track that shows the zones of a sweep.
import { useMemo } from 'preact/hooks'
import { EXPONENTS, exponentOf, rateOf, type Sweep, type Zone } from '../sweep'
import { show } from '../verdict'
import { NumberField } from './field'

interface Props {
  readonly lr: number
  readonly sweep: Sweep | undefined
  readonly zone: Zone | undefined
  /** Takes a rate, or throws what is wrong with it. */
  onChange(lr: number): void
}

const ZONE_WORDS: Readonly<Record<Zone, string>> = {
  stagnates: 'too low',
  'just right': 'just right',
  unstable: 'bounces',
  diverges: 'diverges',
}

interface Stretch {
  readonly zone: Zone
  readonly length: number
  readonly from: number
}

/** Neighbouring trials of one zone, together. */
function stretches({ trials }: Sweep): Stretch[] {
  const found: Stretch[] = []
  for (const { zone, lr } of trials) {
    const last = found.at(-1)
    if (last?.zone === zone) found[found.length - 1] = { ...last, length: last.length + 1 }
    else found.push({ zone, length: 1, from: lr })
  }
  return found
}

export function RateSlider({ lr, sweep, zone, onChange }: Props) {
  const zones = useMemo(() => (sweep ? stretches(sweep) : []), [sweep])
  return (
    <div class="rate">
      <div class="spectrum">
        <div class="zones" aria-hidden="true">
          {sweep === undefined && <span class="zone" />}
          {zones.map(({ zone, length, from }) => (
            <span key={from} class={`zone ${zone.replace(' ', '-')}`} style={{ flexGrow: length }}>
              {length >= 13 ? ZONE_WORDS[zone] : ''}
            </span>
          ))}
        </div>
        <input
          type="range"
          min={EXPONENTS.min}
          max={EXPONENTS.max}
          step={EXPONENTS.step}
          value={exponentOf(lr)}
          aria-label="Learning rate, logarithmic"
          aria-valuetext={`${show(lr)}${zone ? `, ${ZONE_WORDS[zone]}` : ''}`}
          onInput={(event) => onChange(rateOf(Number(event.currentTarget.value)))}
        />
      </div>
      <div class="exact">
        <NumberField label="learning rate η" value={lr} onChange={onChange} />
        <button
          type="button"
          class="small"
          disabled={sweep === undefined || sweep.best.lr === lr}
          title="The learning rate that came closest to the least loss in the sweep"
          onClick={() => sweep && onChange(sweep.best.lr)}
        >
          Best
        </button>
      </div>
    </div>
  )
}
