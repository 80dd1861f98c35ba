// A wrong command line: exit code 2 instead of 1.
export class Misuse extends Error {}

/** `work`, whose complaints are about the command line. */
export function checking<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Misuse((error as Error).message, { cause: error })
  }
}
