// Labelled inputs for single values. A value that is wrong is marked and told, and changes nothing.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useState } from 'preact/hooks'

interface Props<T> {
  readonly label: string
  readonly value: T
  readonly title?: string
  /** Takes the value, or throws what is wrong with it. */
  onChange(value: T): void
}

/** Takes values as `onChange` does; tells whether it did, and keeps the message if not, until `value` changes. */
function useAttempt<T>({ value, onChange }: Props<T>) {
  const [message, setMessage] = useState('')
  const id = useId()
  useEffect(() => setMessage(''), [value])
  const attempt = (wanted: T): boolean => {
    try {
      onChange(wanted)
      setMessage('')
      return true
    } catch (error) {
      setMessage((error as Error).message)
      return false
    }
  }
  const complaint = message !== '' && (
    <span id={id} class="error" role="alert">
      {message}
    </span>
  )
  const marks = message === '' ? {} : { 'aria-invalid': true, 'aria-describedby': id }
  return { attempt, complaint, marks }
}

export function NumberField(props: Props<number>) {
  const { label, value, title } = props
  const [text, setText] = useState(String(value))
  const { attempt, complaint, marks } = useAttempt(props)
  useEffect(() => {
    setText((text) => (text.trim() !== '' && Number(text) === value ? text : String(value)))
  }, [value])
  const change = (text: string) => {
    setText(text)
    attempt(text.trim() === '' ? Number.NaN : Number(text))
  }
  return (
    <div class="field" title={title}>
      <label>
        <span>{label}</span>
        <input
          inputMode="decimal"
          autocomplete="off"
          value={text}
          {...marks}
          onInput={(event) => change(event.currentTarget.value)}
        />
      </label>
      {complaint}
    </div>
  )
}

export function ChoiceField(props: Props<string> & { readonly children: ComponentChildren }) {
  const { label, value, title, children } = props
  const { attempt, complaint, marks } = useAttempt(props)
  const change = (select: HTMLSelectElement) => {
    if (!attempt(select.value)) select.value = value
  }
  return (
    <div class="field" title={title}>
      <label>
        <span>{label}</span>
        <select value={value} {...marks} onChange={(event) => change(event.currentTarget)}>
          {children}
        </select>
      </label>
      {complaint}
    </div>
  )
}

export function FlagField(props: Props<boolean>) {
  const { label, value, title } = props
  const { attempt, complaint, marks } = useAttempt(props)
  const change = (input: HTMLInputElement) => {
    if (!attempt(input.checked)) input.checked = value
  }
  return (
    <div class="flag" title={title}>
      <label>
        <input type="checkbox" checked={value} {...marks} onChange={(event) => change(event.currentTarget)} />
        <span>{label}</span>
      </label>
      {complaint}
    </div>
  )
}
