// A part of a command line as a shell takes it.
export const quoted = (part: string) =>
  /^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`
