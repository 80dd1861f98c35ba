import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests use the package as its users do: built, by its name.
  resolve: { alias: { cauchy: new URL('./dist/index.mjs', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 120_000,
    maxWorkers: 2,
    env: { CAUCHY_BACKEND: '', CAUCHY_ISA: '' },
  },
})
