// A racer's card: which optimizer, its learning rate on the spectrum, its other hyper-parameters, and its verdict.
import { useMemo } from 'preact/hooks'
import { CATALOGUE, create, type Value, WORDS } from '../catalogue'
import { landscapeOf } from '../landscapes'
import { useSweep, zoneOfRun } from '../race'
import type { Run } from '../run'
import { type Racer, racer as racerOf, type Scene } from '../scene'
import { termOf, termOfPart } from '../terms'
import { verdict } from '../verdict'
import { ChoiceField, FlagField, NumberField } from './field'
import { RateSlider } from './rate'

interface Props {
  readonly scene: Scene
  readonly racer: Racer
  readonly run: Run
  readonly number: number
  readonly colour: string
  onChange(racer: Racer): void
  onRemove: (() => void) | undefined
}

export function RacerCard({ scene, racer, run, number, colour, onChange, onRemove }: Props) {
  const sweep = useSweep(scene, racer)
  const zone = sweep && zoneOfRun(scene, racer, run, sweep)
  const { label } = CATALOGUE[racer.optimizer]
  // The same elements each time are not compared: most of a card while a slider moves.
  const optimizers = useMemo(
    () =>
      Object.entries(CATALOGUE).map(([name, { label }]) => (
        <option key={name} value={name}>
          {label}
        </option>
      )),
    [],
  )
  const set = (option: string, value: Value) => {
    const options = { ...racer.options, [option]: value }
    create(racer.optimizer, options, scene.dtype) // throws where the library would
    onChange({ ...racer, options })
  }
  return (
    <li class="card" style={{ '--colour': colour }}>
      <div class="head">
        <span class="number" aria-hidden="true">
          {number}
        </span>
        <select
          aria-label={`Racer ${number}: optimizer`}
          value={racer.optimizer}
          onChange={(event) => onChange(racerOf(event.currentTarget.value))}
        >
          {optimizers}
        </select>
        {onRemove && (
          <button type="button" class="small" aria-label={`Remove ${label}`} onClick={onRemove}>
            ✕
          </button>
        )}
      </div>
      <RateSlider lr={racer.options.lr} sweep={sweep} zone={zone} onChange={(lr) => set('lr', lr)} />
      <p class={`verdict ${zone?.replace(' ', '-') ?? ''}`}>
        {zone ? verdict(landscapeOf(scene.landscape), run, zone) : 'Trying learning rates …'}
      </p>
      <details>
        <summary>Hyper-parameters</summary>
        <div class="options">
          {Object.keys(racer.options).map(
            (option) => option !== 'lr' && <OptionField key={option} {...{ option, racer, set }} />,
          )}
        </div>
      </details>
    </li>
  )
}

interface OptionProps {
  readonly option: string
  readonly racer: Racer
  set(option: string, value: Value): void
}

function OptionField({ option, racer, set }: OptionProps) {
  const value = racer.options[option]
  const common = { label: termOf(option), title: option }
  if (typeof value === 'number') {
    return <NumberField {...common} value={value} onChange={(value) => set(option, value)} />
  }
  if (typeof value === 'boolean') {
    return <FlagField {...common} value={value} onChange={(value) => set(option, value)} />
  }
  if (typeof value === 'string') {
    return (
      <ChoiceField {...common} value={value} onChange={(value) => set(option, value)}>
        {WORDS[option].map((word) => (
          <option key={word}>{word}</option>
        ))}
      </ChoiceField>
    )
  }
  return value.map((part, k) => (
    <NumberField
      key={k}
      label={termOfPart(option, k)}
      title={`${option}[${k}]`}
      value={part}
      onChange={(number) => set(option, value.with(k, number))}
    />
  ))
}
