import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runOrThrow } from './run-or-throw.ts'

/** The npm that comes with a Node. */
const NPM_OF: Record<string, string> = { '20': '10', '22': '10', '24': '11' }

/**
 * What `node:<version>-<suite>-slim` is, from packages: Debian's smallest, Node by npm's `node-linux-…` and npm itself, and the
 * user `node`.
 */
export async function makeBaseImage(image: string, root: string): Promise<void> {
  const [, version = '', suite = ''] = /^node:(\d+)-(\w+)-slim$/.exec(image) ?? []
  const npm = NPM_OF[version]
  if (!npm) throw new Error(`No base like ${image} can be made: only node:<20, 22 or 24>-<suite>-slim.`)
  if (existsSync(path.join(root, 'usr/local/bin/npm'))) return
  rmSync(root, { recursive: true, force: true })
  // In a namespace of its own, since it mounts and may be interrupted.
  await runOrThrow('unshare', ['--mount', 'debootstrap', '--variant=minbase', suite, root])
  const local = path.join(root, 'usr/local')
  const work = mkdtempSync(path.join(tmpdir(), 'studyhall-node-'))
  try {
    await runOrThrow('npm', [
      'install',
      '--prefix',
      work,
      '--no-save',
      `node-linux-${process.arch}@${version}`,
    ])
    const folder = path.join(work, 'node_modules', `node-linux-${process.arch}`)
    for (const name of readdirSync(folder).filter((each) => ['bin', 'include', 'share'].includes(each)))
      cpSync(path.join(folder, name), path.join(local, name), { recursive: true, verbatimSymlinks: true })
    mkdirSync(path.join(local, 'lib'), { recursive: true })
    await runOrThrow('npm', ['install', '--global', '--prefix', local, `npm@${npm}`])
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  await runOrThrow('chroot', [root, 'groupadd', '--gid', '1000', 'node'])
  const user = ['useradd', '--uid', '1000', '--gid', 'node', '--shell', '/bin/bash', '--create-home', 'node']
  await runOrThrow('chroot', [root, ...user])
}
