// Unrolls the loops of the rule bodies at build time, so that their text stays the plain loop that mirrors
// the other languages: WebAssembly engines check for interrupts at every turn and do not unroll.

const LOOP = / {2}for \(let i = begin; i < end; i \+= step<T>\(\)\) \{\n([\s\S]*?)\n {2}\}/g

const VECTOR = 16 // bytes

// The k-th copy of a body: constant offsets go into the memory instructions, where they cost nothing.
function copy(body, k) {
  const offset = k * VECTOR
  const code = body
    .replace(/\bread(?:Ahead)?<T>\((\w+), i\)/g, `v128.load($1 + i, ${offset})`)
    .replace(/\bwrite\((\w+), i, (.*)\)$/gm, `v128.store($1 + i, $2, ${offset})`)
    .replace(/\baccumulate(\w+)<T>\((\w+(?:, \d)?), i,/g, `accumulate$1<T>($2, i + ${offset},`)
  return `    {\n${code}\n    }`
}

/** A rule's source with every loop taking `turns` vectors a turn, and the plain loop for the rest. */
export function unroll(source, turns) {
  return source.replace(LOOP, (plain, body) => {
    const copies = Array.from({ length: turns }, (_, k) => copy(body, k)).join('\n')
    return `  let i = begin
  for (; i + ${(turns - 1) * VECTOR} < end; i += ${turns * VECTOR}) {
${copies}
  }
${plain.replace('let i = begin;', ';')}`
  })
}
