// `npm run test:unit`: the tests of plain functions and of components, which take seconds. `npm run test:unit -- <pattern>`: every test
// whose file has the pattern in its path, and nothing before them but the build of what they start.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './setup/settings.mjs'

const given = process.argv.slice(2)
const hasPattern = given.some((argument) => !argument.startsWith('-'))
const args = [...(hasPattern ? [] : ['--project', 'unit', '--project', 'components']), ...given]
const vitest = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
  cwd: root,
  stdio: 'inherit',
})
vitest.once('close', (code) => {
  process.exitCode = code ?? 1
})
