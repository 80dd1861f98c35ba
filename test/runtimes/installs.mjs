// The package managers install the packed package without a warning, and what they made trains.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileOf } from './binaries.mjs'
import { output, run, versionOf } from './packed.mjs'

const NODE = process.execPath

/** Command, arguments of an installation, and those that run a file afterwards where `node` alone does not. */
const MANAGERS = {
  npm: { command: ['npm'], install: (tarball) => ['install', tarball] },
  pnpm: { command: [NODE, fileOf('pnpm/bin/pnpm.cjs')], install: (tarball) => ['add', tarball] },
  'yarn 1': { command: [NODE, fileOf('yarn/bin/yarn.js')], install: (tarball) => ['add', tarball] },
  "yarn, Plug'n'Play": {
    command: [NODE, fileOf('@yarnpkg/cli-dist/bin/yarn.js')],
    install: (tarball) => ['add', `cauchy@file:${tarball}`],
    start: ['node'],
    backend: 'wasm', // its resolution knows no node-addons
  },
}

function prepare(packed, name) {
  const folder = join(packed.elsewhere, name.replace(/\W/g, '-'))
  mkdirSync(folder)
  const manifest = { name: 'project', version: '1.0.0', private: true, license: 'MIT' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'yarn.lock'), '') // a project of its own, for Yarn
  return folder
}

export async function* installs(packed) {
  for (const [name, { command, install, start, backend = 'native' }] of Object.entries(MANAGERS)) {
    const [program, ...args] = command
    const folder = prepare(packed, name)
    const settings = {
      cwd: folder,
      // Nothing from this machine's user or from the npm that runs this; scripts are allowed, since there are none.
      env: {
        ...Object.fromEntries(
          Object.keys(process.env).flatMap((key) => (/^npm_/i.test(key) ? [[key, undefined]] : [])),
        ),
        HOME: folder,
        CI: '1',
        npm_config_ignore_scripts: 'false',
        YARN_ENABLE_TELEMETRY: '0',
      },
    }
    const from = { cwd: folder, env: settings.env }
    yield {
      runtime: name.replace(/\W.*/, ''),
      version: versionOf(program, [...args, '--version']),
      how: `${name}: installed without a warning`,
      backend,
      async start() {
        const said = await output(program, [...args, ...install(packed.tarball)], { ...from, errors: true })
        if (/warn|error|ignored|deprecated/i.test(said)) throw new Error(`it said: ${said}`)
        packed.copyProject(folder)
        return start ? run(program, [...args, ...start, 'main.cjs'], from) : run(NODE, ['main.cjs'], from)
      },
    }
  }
}
