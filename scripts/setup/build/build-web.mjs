// Builds the web pages, and chooses the ports of the pages and the API.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { choosePorts } from '../choose-ports.mjs'
import { runCommand } from '../run-command.mjs'
import { findRunningInstance } from '../running-instance.mjs'
import { root } from '../settings.mjs'
import { clearStamp, hashInputs, hasStamp, listFiles, writeStamp } from '../stamps.mjs'

const MADE_BY_NEXT = ['node_modules', 'next-env.d.ts']
/** The server process in front of the pages is not part of the Next.js build. */
const NOT_BUILT = ['front', 'main.ts']

export const buildWeb = {
  name: 'web',
  title: 'Web pages',
  needs: ['packages', 'generate'],
  async isCurrent() {
    // While this checkout's instance is running, it occupies the ports itself.
    if (!(await findRunningInstance())) await choosePorts()
    return existsSync(join(root, 'web/.next/BUILD_ID')) && hasStamp('web', hashWeb())
  },
  async run({ signal, tell }) {
    clearStamp('web')
    tell('next build')
    await buildWebPages(signal)
    writeStamp('web', hashWeb())
  },
}

function buildWebPages(signal) {
  return runCommand(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build', 'web'], {
    log: 'web-build',
    signal,
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    why: 'The web pages could not be built.',
  })
}

function hashWeb() {
  const isSource = (name) => !name.startsWith('.') && ![...MADE_BY_NEXT, ...NOT_BUILT].includes(name)
  const files = ['web', 'contract'].flatMap((folder) => listFiles(join(root, folder), isSource))
  return hashInputs({
    files: [...files, join(root, 'schema.graphql'), join(root, 'package-lock.json')],
  })
}
