// Builds the web pages. Next bakes the API's address into the build, so the ports are settled first.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { choosePorts, readPorts } from './choose-ports.mjs'
import { runCommand } from './run-command.mjs'
import { findRunningInstance } from './running-instance.mjs'
import { root } from './settings.mjs'
import { clearStamp, hashInputs, hasStamp, listFiles, writeStamp } from './stamps.mjs'

const MADE_BY_NEXT = ['node_modules', 'next-env.d.ts']

export const buildWeb = {
  name: 'web',
  title: 'Web pages',
  needs: ['packages', 'generate'],
  async isCurrent() {
    // While our own instance runs, it is the one that sits on the ports.
    const ports = (await findRunningInstance()) ? readPorts() : await choosePorts()
    return existsSync(join(root, 'web/.next/BUILD_ID')) && hasStamp('web', hashWeb(ports))
  },
  async run({ signal, tell }) {
    const ports = readPorts()
    clearStamp('web')
    tell(`next build, for the API on port ${ports.api}`)
    await buildWebPages({ apiOrigin: apiOrigin(ports), signal })
    writeStamp('web', hashWeb(ports))
  },
}

function buildWebPages({ apiOrigin, signal }) {
  return runCommand(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build', 'web'], {
    log: 'web-build',
    signal,
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', STUDYHALL_API_ORIGIN: apiOrigin },
    why: 'The web pages could not be built.',
  })
}

function apiOrigin(ports) {
  return `http://127.0.0.1:${ports.api}`
}

function hashWeb(ports) {
  const isSource = (name) => !name.startsWith('.') && !MADE_BY_NEXT.includes(name)
  const files = ['web', 'contract'].flatMap((folder) => listFiles(join(root, folder), isSource))
  return hashInputs({
    files: [...files, join(root, 'schema.graphql'), join(root, 'package-lock.json')],
    values: [apiOrigin(ports)],
  })
}
