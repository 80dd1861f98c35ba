// cauchy/problems: problems to compare optimizers on. Those over data read files, so that it is for Node, Bun and Deno.
export * from './problems/index'
