// The link that reproduces this race, and the checksum that shows that it did.
import { useRef, useState } from 'preact/hooks'

interface Props {
  readonly link: string
  readonly hash: string
  readonly backend: string
  onForget(): void
}

export function Share({ link, hash, backend, onForget }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState('')
  const copy = async () => {
    field.current?.select()
    try {
      await navigator.clipboard.writeText(link)
      setCopied(link)
    } catch {
      // Not allowed here: the link is selected, to be copied by hand.
    }
  }
  return (
    <section class="share" aria-label="Share">
      <label class="field">
        <span>Link to this very race</span>
        <input ref={field} id="link" readOnly value={link} />
      </label>
      <button type="button" onClick={copy}>
        Copy
      </button>
      <button type="button" onClick={onForget}>
        Start over
      </button>
      <p class="note">
        <span role="status">{copied === link ? 'Copied. ' : ''}</span>
        Trajectories <code id="hash">{hash}</code>, computed by {backend}: the same bits on every machine.
      </p>
    </section>
  )
}
