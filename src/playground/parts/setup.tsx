// What all racers share: the landscape, the start, the schedule, the noise and the length of a run.
import { checkNumber } from '../../check'
import { LANDSCAPES, landscapeOf } from '../landscapes'
import { CHECKS, type Scene } from '../scene'
import { SCHEDULES } from '../schedules'
import { ChoiceField, NumberField } from './field'

interface Props {
  readonly scene: Scene
  onChange(change: Partial<Scene>): void
}

export function Setup({ scene, onChange }: Props) {
  const { summary } = landscapeOf(scene.landscape)
  const [x, y] = scene.start
  return (
    <section class="setup" aria-label="Setup">
      <div class="fields">
        <ChoiceField
          label="Landscape"
          value={scene.landscape}
          onChange={(landscape) => onChange({ landscape, start: landscapeOf(landscape).start })}
        >
          {LANDSCAPES.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </ChoiceField>
        <ChoiceField label="Schedule" value={scene.schedule} onChange={(schedule) => onChange({ schedule })}>
          {Object.entries(SCHEDULES).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </ChoiceField>
        <NumberField
          label="Gradient noise σ"
          title="Standard deviation of the normal noise added to each component of the gradient"
          value={scene.noise}
          onChange={(noise) => onChange({ noise: CHECKS.noise('noise σ', noise) })}
        />
        <NumberField
          label="Seed"
          title="Of the noise, which is the same for every racer"
          value={scene.seed}
          onChange={(seed) => onChange({ seed: CHECKS.seed('seed', seed) })}
        />
        <NumberField
          label="Steps"
          value={scene.steps}
          onChange={(steps) => onChange({ steps: CHECKS.steps('steps', steps) })}
        />
        <NumberField
          label="Start x"
          value={x}
          onChange={(x) => onChange({ start: [checkNumber('start x', x), y] })}
        />
        <NumberField
          label="Start y"
          value={y}
          onChange={(y) => onChange({ start: [x, checkNumber('start y', y)] })}
        />
        <ChoiceField
          label="Precision"
          value={scene.dtype}
          onChange={(dtype) => onChange({ dtype: dtype as Scene['dtype'] })}
        >
          <option value="float64">float64</option>
          <option value="float32">float32</option>
        </ChoiceField>
      </div>
      <p class="summary">{summary}.</p>
    </section>
  )
}
