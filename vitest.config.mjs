import { defineConfig } from 'vitest/config'

const dist = (name) => `${new URL('./dist', import.meta.url).pathname}/${name}.mjs`

export default defineConfig({
  // Tests use the package as its users do: built, by its name.
  resolve: {
    alias: [
      { find: /^cauchy$/, replacement: dist('index') },
      { find: /^cauchy\/(files|problems|tfjs)$/, replacement: dist('$1') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    env: { CAUCHY_BACKEND: '', CAUCHY_ISA: '' },
  },
})
