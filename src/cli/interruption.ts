// Ctrl-C: the first aborts the work's signal, the second ends the process.
export function interruption(): AbortSignal {
  const interrupt = new AbortController()
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(130)
    interrupt.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return interrupt.signal
}
