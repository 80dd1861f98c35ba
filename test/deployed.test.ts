// The examples of ../examples, run in plain Node as far as they go there: what they learn, and that they go on.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { backendInfo, createRandom } from 'cauchy'
import { describe, expect, test } from 'vitest'

const examples = fileURLToPath(new URL('../examples/', import.meta.url))
const load = (path: string) => import(/* @vite-ignore */ `${examples}${path}`)

describe('a Cloudflare Worker', () => {
  /** Durable Objects, each with its storage; a new instance for every request, as after an eviction. */
  async function deploy() {
    const { default: worker, Model } = await load('cloudflare-worker/worker.mjs')
    const stored = new Map<string, unknown>()
    const storage = {
      get: async (key: string) => structuredClone(stored.get(key)),
      put: async (key: string, value: unknown) => void stored.set(key, structuredClone(value)),
    }
    const MODEL = { idFromName: (name: string) => name, get: () => new Model({ storage }) }
    const post = async (body: unknown) => {
      const request = new Request('https://example.org', { method: 'POST', body: JSON.stringify(body) })
      const response: Response = await worker.fetch(request, { MODEL })
      return { status: response.status, ...(await response.json()) }
    }
    return { post, stored }
  }

  test('learns from request to request', async () => {
    const { post, stored } = await deploy()
    const random = createRandom(1)
    const example = () => {
      const x = Array.from({ length: 4 }, () => random.normal())
      return { x, y: Number(x[0] - 2 * x[1] > 0) }
    }
    const losses: number[] = []
    for (let t = 1; t <= 100; t++) {
      const { status, loss, step, backend } = await post({ examples: Array.from({ length: 32 }, example) })
      expect([status, step, backend]).toEqual([200, t, backendInfo().name])
      losses.push(loss)
    }
    expect(losses[0]).toBeCloseTo(Math.log(2), 6)
    expect(losses[99]).toBeLessThan(0.35)
    expect((await post({ x: [2, -2, 0, 0] })).p).toBeGreaterThan(0.9)
    expect((await post({ x: [-2, 2, 0, 0] })).p).toBeLessThan(0.1)
    expect(stored.get('model')).toBeInstanceOf(Uint8Array)
  })

  test.each([{}, { examples: [{ x: [1], y: 1 }] }, { examples: [{ x: [1, 2, 3, null], y: 1 }] }])(
    'refuses %j',
    async (body) => {
      const { post, stored } = await deploy()
      expect((await post(body)).status).toBe(400)
      expect(stored.size).toBe(0)
    },
  )
})

test('a Lambda goes on from event to event, also where another process stopped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cauchy-lambda-'))
  try {
    const invoke = (body: unknown, backend: string) =>
      JSON.parse(
        execFileSync(
          process.execPath,
          [
            '--input-type=module',
            '-e',
            `import { handler } from ${JSON.stringify(`${examples}lambda/handler.mjs`)}
            console.log(JSON.stringify(await handler({ body: process.argv[1] })))`,
            JSON.stringify(body),
          ],
          {
            encoding: 'utf8',
            env: { ...process.env, STATE_PATH: join(folder, 'line'), CAUCHY_BACKEND: backend },
          },
        ),
      )
    const points = [0, 1, 2, 3].map((x) => [x, 1 + 2 * x])
    const first = JSON.parse(invoke({ points }, '').body)
    expect(first).toMatchObject({ steps: 200, backend: backendInfo().name })
    const state = readFileSync(join(folder, 'line')).toString('base64')
    const second = JSON.parse(invoke({ points }, 'wasm').body)
    expect(second).toMatchObject({ steps: 400, backend: 'wasm' })
    expect(Math.abs(second.intercept - 1) + Math.abs(second.slope - 2)).toBeLessThan(1e-3)
    expect(JSON.parse(invoke({ points, state }, 'js').body)).toEqual({ ...second, backend: 'js' })
    expect(invoke({ points: [['a', 1]] }, '').statusCode).toBe(400)
    expect(invoke({}, '').statusCode).toBe(400)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('a page', () => {
  test('descends, and goes on after a reload', async () => {
    const { Descent } = await load('browser/descent.mjs')
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    }
    const whole = new Descent({ ...storage, setItem: () => {} })
    whole.run(1000)
    for (let load = 0; load < 10; load++) new Descent(storage).run(100)
    const descent = new Descent(storage)
    expect(`${descent}`).toBe(`${whole}`)
    expect(`${descent}`).toMatch(/^step 1000: f\(/)
    expect(descent.loss).toBeLessThan(0.01)
    descent.reset()
    expect(`${new Descent(storage)}`).toMatch(/^step 0: /)
  })

  test('imports what the package has', ({ skip }) => {
    const html = readFileSync(`${examples}browser/index.html`, 'utf8')
    const { imports } = JSON.parse(html.match(/<script type="importmap">(.*?)<\/script>/s)?.[1] as string)
    const dist = fileURLToPath(new URL('../dist', import.meta.url))
    if (!existsSync(`${dist}/esm`)) skip('this build has no modules for browsers')
    for (const path of Object.values<string>(imports)) {
      expect(existsSync(path.replace('./node_modules/cauchy/dist', dist)), path).toBe(true)
    }
  })
})
