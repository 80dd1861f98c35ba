// The playground: its runs in Node, and its page in Chromium as `cauchy playground` serves it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CATALOGUE, defaultsOf } from '../src/playground/catalogue'
import { landscapeOf } from '../src/playground/landscapes'
import { decodeScene, encodeScene } from '../src/playground/link'
import { raceHash, run } from '../src/playground/run'
import { initialScene, racer, type Scene } from '../src/playground/scene'
import { SCHEDULES } from '../src/playground/schedules'
import { rateOf, type Sweep, sweep } from '../src/playground/sweep'
import { classes } from './catalogue'
import { repository, temporaryFolder } from './packaging'

const hashOf = (scene: Scene) => raceHash(scene.racers.map((racer) => run(scene, racer)))
const finish = <T>(work: Generator<void, T>): T => {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

describe('what is on offer', () => {
  test('every optimizer of the library but those that take no plain vectors', () => {
    const offered = new Set(Object.values(CATALOGUE).map(({ Class }) => Class.name))
    const missing = Object.keys(classes).filter((name) => !offered.has(name))
    expect(missing.sort()).toEqual(['Muon', 'SparseAdam'])
  })

  test('hyper-parameters by the names and with the defaults of the library', () => {
    expect(defaultsOf('Nesterov')).toMatchObject({ lr: 1e-3, momentum: 0.9, nesterov: true, weightDecay: 0 })
    expect(defaultsOf('AdamW')).toMatchObject({ betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.01 })
    expect(Object.keys(defaultsOf('AdamW'))).not.toContain('stateDtype')
  })

  test.each(Object.keys(CATALOGUE))('%s goes down, in both precisions', (optimizer) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const scene = { ...initialScene(), dtype }
      const lr = optimizer === 'Prodigy' ? 1 : 0.001
      const { losses, steps } = run({ ...scene, steps: 300 }, racer(optimizer, { lr }))
      expect(steps).toBe(300)
      expect(losses[300]).toBeLessThan(losses[0])
    }
  })

  test.each(Object.keys(SCHEDULES))('the schedule %s fits runs of any length', (schedule) => {
    for (const steps of [1, 2, 3, 10]) {
      const { path } = run({ ...initialScene(), schedule, steps }, racer('SGD'))
      expect(path).toHaveLength(2 * (steps + 1))
    }
  })
})

describe('a run', () => {
  test('is descent: x ← x − η·∇f(x) to the last bit', () => {
    const scene = { ...initialScene(), steps: 20 }
    const { path, losses } = run(scene, racer('SGD', { lr: 0.001 }))
    let [x, y] = [-1.2, 1]
    for (let t = 0; t <= 20; t++) {
      expect(path[2 * t]).toBe(x)
      expect(path[2 * t + 1]).toBe(y)
      expect(losses[t]).toBeCloseTo((1 - x) ** 2 + 100 * (y - x * x) ** 2, 9)
      const inner = y - x * x
      ;[x, y] = [x - 0.001 * (-2 * (1 - x) - 400 * x * inner), y - 0.001 * 200 * inner]
    }
  })

  test('noise is seeded, and the same for every racer', () => {
    const noisy = { ...initialScene(), noise: 1, steps: 50 }
    const hash = (scene: Scene) => run(scene, racer('SGD')).hash
    expect(hash(noisy)).toBe(hash({ ...noisy }))
    expect(hash({ ...noisy, seed: 2 })).not.toBe(hash(noisy))
    expect(hash({ ...noisy, noise: 0 })).not.toBe(hash(noisy))
  })
})

describe('the spectrum of learning rates', () => {
  /** The rates up to which nothing diverges. */
  const limit = ({ trials }: Sweep) => trials.find(({ zone }) => zone === 'diverges')?.lr ?? Number.NaN

  // Stable below these: 2, 2·(1 + β), 2·(1 + β)/(1 + 2β) over the curvature 1; sweeps try ten rates a decade.
  test.each([
    ['SGD', 2],
    ['Momentum', 3.8],
    ['Nesterov', 3.8 / 2.8],
  ])('%s diverges from %d on', (optimizer, stable) => {
    const scene = { ...initialScene(), landscape: 'quadratic-1e1', start: [1, 1] as const }
    const found = finish(sweep(scene, racer(optimizer)))
    expect(limit(found)).toBeGreaterThan(stable)
    expect(limit(found) / stable).toBeLessThan(10 ** 0.1)
    const zones = [...new Set(found.trials.map(({ zone }) => zone))]
    expect(zones.filter((zone) => zone !== 'unstable')).toEqual(['stagnates', 'just right', 'diverges'])
  })

  test('rates are powers of ten to three digits', () => {
    expect([-7, -2.5, 0, 1].map(rateOf)).toEqual([1e-7, 0.00316, 1, 10])
  })
})

describe('links', () => {
  test('hold everything, exactly', () => {
    const scene: Scene = {
      landscape: 'himmelblau',
      start: [1 / 3, -1e-21],
      steps: 77,
      schedule: 'warmupCosine',
      noise: 0.1 + 0.2,
      seed: 2 ** 52 + 1,
      dtype: 'float32',
      speed: 300,
      racers: [
        racer('Adam', { lr: 1 / 3, betas: [0.5, 1 / 7], amsgrad: true }),
        racer('SGD', { momentum: 0.5, momentumForm: 'ema' }),
        racer('LBFGS', { lr: 1e21, lineSearchFn: 'none' }),
      ],
    }
    const link = encodeScene(scene)
    expect(decodeScene(`#${link}`)).toEqual(scene)
    expect(link).toMatch(/^[\w=&;.,%-]+$/)
    expect(hashOf(decodeScene(link))).toBe(hashOf(scene))
  })

  test('a start is the landscape’s own where none is given', () => {
    expect(decodeScene('landscape=himmelblau').start).toEqual(landscapeOf('himmelblau').start)
  })

  test.each([
    ['landscape=rosenbrok', 'link: unknown landscape "rosenbrok"; did you mean "rosenbrock"?'],
    ['race=Adm', 'link: unknown optimizer "Adm"; did you mean "Adam"?'],
    ['race=Adam;beta=1', 'link: Adam: unknown option "beta"; did you mean "betas"?'],
    ['race=Adam;betas=1,1', 'Adam: betas[0] must be in [0, 1), got 1'],
    ['race=SGD;lr=', 'link: SGD: lr must be a finite number, got NaN'],
    ['race=SGD;nesterov=yes', 'link: SGD: nesterov must be one of "true", "false", got "yes"'],
    ['race=SGD;momentumForm=hevy', 'link: SGD: momentumForm must be one of "heavy", "ema", got "hevy"'],
    ['steps=0', 'link: steps must be an integer in [1, 5000], got 0'],
    ['start=1', 'link: start must be two numbers, got 1'],
    ['start=1,x', 'link: start[1] must be a finite number, got NaN'],
    ['noise=-1', 'link: noise must be in [0, Infinity), got -1'],
    ['sede=1', 'link: unknown part "sede"; did you mean "seed"?'],
    [Array(40).fill('race=SGD').join('&'), 'link: race must be given at most 12 times, got 40'],
    ['noise=1e400', 'link: noise must be in [0, Infinity), got Infinity'],
    ['seed=NaN', 'link: seed must be an integer ≥ 0, got NaN'],
    ['race=SGD;lr=1e400', 'link: SGD: lr must be a finite number, got Infinity'],
    ['race=', 'link: unknown optimizer ""'],
    ['race=LBFGS;historySize=1e5', 'LBFGS: historySize must be an integer in [1, 100], got 100000'],
  ])('%s', (hash, message) => {
    expect(() => decodeScene(hash)).toThrow(message)
  })
})

test('the page takes less than 70 KB of the tarball beside the core', () => {
  const folder = join(repository, 'dist/playground')
  const core = ['core.js', 'kernels.js', 'math.js', 'reference.js']
  const files = readdirSync(folder).filter((name) => !core.includes(name))
  expect(files.sort()).toEqual(['index.html', 'playground.css', 'playground.js'])
  const sizes = files.map((name) => gzipSync(readFileSync(join(folder, name))).length)
  expect(sizes.reduce((a, b) => a + b)).toBeLessThan(70 * 1024)
})

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

describe.skipIf(!existsSync(executablePath))('the page, in Chromium', () => {
  const temporary = temporaryFolder()
  let server: ChildProcess
  let address: string
  let browser: Browser
  beforeAll(async () => {
    server = spawn(process.execPath, ['dist/cli.mjs', 'playground', '--no-open', '--port', '0'], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(server.stdout as never, 'data')
    ;[, address] = /^(http:\S+\/) \(Ctrl-C ends it\)\n$/.exec(String(line)) as unknown as string[]
    // The user root, as in containers, can have no sandbox.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    server.kill('SIGINT')
    await once(server, 'exit')
  })

  /** A page on which no script fails and which asks for nothing but its own files. */
  async function visit(hash = '', options: BrowserContextOptions = {}, from = address): Promise<Page> {
    const page = await browser.newPage({ reducedMotion: 'reduce', ...options })
    page.on('pageerror', (error) => {
      throw error
    })
    page.on('request', (request) => {
      if (!/^data:/.test(request.url())) expect(request.url().startsWith(new URL('.', from).href)).toBe(true)
    })
    await page.goto(`${from}${hash}`)
    await expect.poll(async () => (await page.locator('#map').boundingBox())?.height).toBeGreaterThan(100)
    return page
  }
  const map = (page: Page) => page.getByRole('application')
  const slider = (page: Page, k = 0) =>
    page.getByRole('slider', { name: 'Learning rate, logarithmic' }).nth(k)
  const verdict = (page: Page, k = 0) => page.locator('.verdict').nth(k)
  const link = (page: Page) => page.getByLabel('Link to this very race').inputValue()
  const hash = (page: Page) => page.locator('#hash').innerText()
  const numberIn = async (page: Page, name: string) => Number(await field(page, name).inputValue())
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })

  test('it loads, races and computes with WebAssembly', async () => {
    const page = await visit()
    expect(await page.title()).toBe('Cauchy playground')
    expect(await page.getByText('computed by wasm simd128').count()).toBe(1)
    await expect
      .poll(() => page.getByRole('status').allInnerTexts())
      .toContainEqual(
        expect.stringMatching(/^Steps to 99.9 % of the way down, to stay: L-BFGS in \d+, .*\.$/),
      )
    await expect.poll(() => hash(page)).toBe(hashOf(initialScene()))
    // Contours behind, trajectories before them: neither canvas is of one colour.
    const colours = await page.locator('#map canvas').evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement
        const pen = (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D
        return new Set(new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer)).size
      }),
    )
    for (const count of colours) expect(count).toBeGreaterThan(20)
    await page.close()
  })

  test('a click moves the start, a drag too; the race begins there', async () => {
    const page = await visit('#race=SGD&landscape=himmelblau')
    const box = await map(page).boundingBox()
    const { x, y, width, height } = box as NonNullable<typeof box>
    await page.mouse.click(x + width * 0.75, y + height * 0.25)
    await expect.poll(() => numberIn(page, 'Start x')).toBeCloseTo(2.5, 1)
    await expect.poll(() => numberIn(page, 'Start y')).toBeCloseTo(2.5, 1)
    await page.mouse.move(x + width * 0.75, y + height * 0.25)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.5, y + height * 0.5)
    await page.mouse.up()
    await expect.poll(() => numberIn(page, 'Start x')).toBeCloseTo(0, 1)
    await page.close()
  })

  test('a tap on a phone moves it as well', async () => {
    const page = await visit('#race=SGD&landscape=himmelblau', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    const box = await map(page).boundingBox()
    const { x, y, width, height } = box as NonNullable<typeof box>
    await page.touchscreen.tap(x + width * 0.25, y + height * 0.75)
    await expect.poll(() => numberIn(page, 'Start x')).toBeCloseTo(-2.5, 1)
    await expect.poll(() => numberIn(page, 'Start y')).toBeCloseTo(-2.5, 1)
    await page.close()
  })

  test('the slider goes from stagnation over just right to divergence', async () => {
    const page = await visit('#race=SGD')
    await slider(page).press('Home')
    await expect.poll(() => verdict(page).innerText()).toMatch(/^Too low: stagnates, loss still 2\d/)
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('10⁻⁷, too low')
    expect(await page.locator('.zone').allInnerTexts()).toEqual(
      expect.arrayContaining(['too low', 'diverges']),
    )
    await page.getByRole('button', { name: 'Best' }).click()
    await expect.poll(() => verdict(page).innerText()).toMatch(/^Just right: /)
    await slider(page).press('End')
    await expect.poll(() => verdict(page).innerText()).toMatch(/^Too high: diverges, gone after \d+ steps$/)
    await page.close()
  })

  test('a hyper-parameter out of range is told in the library’s words and changes nothing', async () => {
    const page = await visit('#race=Adam')
    const before = await hash(page)
    await page.getByText('Hyper-parameters').click()
    await field(page, 'β₁').fill('1.5')
    await expect
      .poll(() => page.getByRole('alert').allInnerTexts())
      .toEqual(['Adam: betas[0] must be in [0, 1), got 1.5'])
    expect(await hash(page)).toBe(before)
    await field(page, 'β₁').fill('0.5')
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    await expect.poll(() => link(page)).toContain('race=Adam;betas=0.5,0.999')
    await page.close()
  })

  test('racers come and go', async () => {
    const page = await visit()
    const add = page.getByRole('button', { name: 'Add a racer' })
    for (let count = 6; count <= 12; count++) {
      await add.click()
      await expect.poll(() => page.locator('.card').count()).toBe(count)
    }
    expect(await add.isDisabled()).toBe(true)
    const colours = await page
      .locator('#map .number')
      .evaluateAll((heads) => heads.map((head) => getComputedStyle(head).backgroundColor))
    expect(new Set(colours).size).toBe(12)
    await page.getByRole('combobox', { name: 'Racer 12: optimizer' }).selectOption('Lion')
    await page.getByRole('button', { name: 'Remove Gradient descent' }).click()
    await expect.poll(() => page.locator('.card').count()).toBe(11)
    await expect.poll(() => link(page)).toMatch(/race=LBFGS&.*&race=Lion$/)
    await page.close()
  })

  test('play, pause, step, reset', async () => {
    const page = await visit('#speed=30', { reducedMotion: 'no-preference' })
    const step = async () => Number(/step (\d+) of/.exec(await page.locator('output').innerText())?.[1])
    await expect.poll(step).toBeGreaterThan(3)
    await page.getByRole('button', { name: 'Pause' }).click()
    const there = await step()
    await page.getByRole('button', { name: 'Step' }).click()
    await expect.poll(step).toBe(there + 1)
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(step).toBe(0)
    await page.getByRole('button', { name: 'Play' }).click()
    await expect.poll(step).toBeGreaterThan(2)
    await page.close()
  })

  test('ways are drawn on while it plays, and after the page turned', async () => {
    const page = await visit('#speed=30&race=SGD&race=Adam', { reducedMotion: 'no-preference' })
    const drawn = () =>
      page.locator('#map canvas').evaluateAll(([, canvas]) => {
        const { width, height } = canvas as HTMLCanvasElement
        const pen = (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D
        const pixels = new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer)
        return { width, count: pixels.reduce((count, pixel) => count + (pixel === 0 ? 0 : 1), 0) }
      })
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Reset' }).click()
    const [start, wide] = [await drawn(), page.viewportSize()]
    await page.getByRole('button', { name: 'Play' }).click()
    await expect.poll(async () => (await drawn()).count).toBeGreaterThan(2 * start.count)
    await page.setViewportSize({ width: 500, height: 800 })
    await expect.poll(async () => (await drawn()).width).toBeLessThan(start.width)
    await page.setViewportSize(wide as NonNullable<typeof wide>)
    await expect.poll(drawn).toMatchObject({ width: start.width })
    const later = (await drawn()).count
    await expect.poll(async () => (await drawn()).count).toBeGreaterThan(later)
    await page.close()
  })

  test('another link in the same page shows its race, be its racers more or fewer', async () => {
    const page = await visit()
    for (const own of ['#race=Adam&landscape=himmelblau', '#race=SGD&race=Lion&race=Adam', '#steps=5']) {
      await page.evaluate((own) => {
        const before = location.href
        location.hash = own
        // As the page does, some time after every change of the scene: this must not undo the visit.
        history.replaceState(null, '', before)
      }, own)
      await expect.poll(() => hash(page)).toBe(hashOf(decodeScene(own)))
      expect(await page.locator('.card').count()).toBe(decodeScene(own).racers.length)
    }
    await page.close()
  })

  test('a shared link gives the same bits on another page, from a copy of its folder, and in Node', async () => {
    const page = await visit(
      '#noise=0.5&seed=7&schedule=cosine&dtype=float32&race=Adam;lr=0.1&race=Lion;lr=0.01',
    )
    await map(page).press('ArrowRight')
    await slider(page, 1).press('ArrowLeft')
    await field(page, 'Steps').fill('300')
    await expect.poll(() => link(page)).toContain('steps=300')
    const [url, bits] = [await link(page), await hash(page)]
    await expect.poll(() => page.url()).toBe(url)
    const own = url.slice(url.indexOf('#'))
    const again = await visit(own)
    expect(await hash(again)).toBe(bits)
    expect(await link(again)).toBe(url)
    const copy = join(temporary, 'some/where')
    cpSync(join(repository, 'dist/playground'), copy, { recursive: true })
    const file = await visit(own, {}, pathToFileURL(join(copy, 'index.html')).href)
    expect(await hash(file)).toBe(bits)
    const host = createServer(({ url = '' }, response) => {
      const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.css') ? 'text/css' : 'text/html'
      response.setHeader('content-type', type).end(readFileSync(join(temporary, url)))
    }).listen(0, '127.0.0.1')
    await once(host, 'listening')
    const { port } = host.address() as AddressInfo
    const hosted = await visit(own, {}, `http://127.0.0.1:${port}/some/where/index.html`)
    expect(await hash(hosted)).toBe(bits)
    host.close()
    expect(hashOf(decodeScene(own))).toBe(bits)
    await Promise.all([page.close(), again.close(), file.close(), hosted.close()])
  })

  test('a wrong link is told, and the first race shown', async () => {
    const page = await visit('#landscape=alps')
    expect(await page.getByRole('alert').innerText()).toMatch(
      /^link: unknown landscape "alps".*; showing the first race instead\.$/,
    )
    await expect.poll(() => hash(page)).toBe(hashOf(initialScene()))
    await page.close()
  })

  test('by keyboard alone', async () => {
    const page = await visit('#race=SGD')
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      )
    const tabTo = async (what: RegExp) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab')
        if (what.test(await focused())) return
      }
      throw new Error(`Tab never came to ${what}`)
    }
    await tabTo(/^Landscape rosenbrock/)
    const shown = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)
    expect(shown).toBe('solid')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowUp')
    await expect.poll(() => numberIn(page, 'Start x')).toBeGreaterThan(-1.2)
    await expect.poll(() => numberIn(page, 'Start y')).toBeGreaterThan(1)
    await tabTo(/^Reset$/)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('output').innerText()).toBe('step 0 of 500')
    await tabTo(/^Learning rate, logarithmic$/)
    const before = await hash(page)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => hash(page)).not.toBe(before)
    await tabTo(/^Add a racer$/)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.card').count()).toBe(2)
    await page.close()
  })

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('no barrier in %s at %d pixels', async (colorScheme, width) => {
    const page = await visit('', { colorScheme, viewport: { width, height: 844 }, bypassCSP: true })
    await expect.poll(() => page.getByText('Trying learning rates').count(), { timeout: 60_000 }).toBe(0)
    await page.locator('summary').first().click()
    await page.addScriptTag({ content: axe.source })
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    )
    await page.close()
  })
})

describe('cauchy playground', () => {
  const cauchy = (...args: string[]) => {
    try {
      return execFileSync(process.execPath, ['dist/cli.mjs', 'playground', ...args], {
        cwd: repository,
        encoding: 'utf8',
        stdio: 'pipe',
        timeout: 10_000,
      })
    } catch (error) {
      return (error as { stderr: string }).stderr
    }
  }
  test.each([
    ['x', 'cauchy playground: --port must be an integer in [0, 65535], got "x"\n'],
    ['65536', 'cauchy playground: --port must be an integer in [0, 65535], got 65536\n'],
  ])('--port %s', (port, message) => {
    expect(cauchy('--port', port)).toBe(message)
  })
})
