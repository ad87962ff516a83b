// Decides where the embedded PostgreSQL's programs and data are, and which user runs it. PostgreSQL refuses
// to run as root, and the user it runs as instead may be unable to access a checkout below, say, /root.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { postgresPackage } from '../install/install-packages.mjs'
import { SetupError } from '../run-command.mjs'
import { home } from '../settings.mjs'

const FALLBACK_USERS = ['postgres', 'nobody']
const REACHABLE_BY_ALL = '/var/lib/studyhall'

/**
 * `{identity, programs, source, data}`: the `{uid, gid}` to run as (empty for the current user), the folder
 * of PostgreSQL's programs, where to copy them from (undefined if no copy is needed), and the data folder.
 * Copy and data may not exist yet; this function creates nothing, since it is also called while packages are
 * being installed.
 */
export function placePostgres(folder = home) {
  const programs = join(postgresPackage, 'native')
  if (!existsSync(join(programs, 'bin/pg_ctl')))
    throw new SetupError(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL of yours.`,
    )
  const data = join(folder, 'postgres')
  if (process.getuid() !== 0) return { identity: {}, programs, data }
  const identity = findIdentity(data)
  if (canEnter(folder, identity) && canRead(programs, identity)) return { identity, programs, data }
  return placeOutside({ folder, identity, programs })
}

/** The owner of existing data, else a system user. */
function findIdentity(data) {
  const owner = statSync(data, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  for (const name of FALLBACK_USERS) {
    const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, name], { encoding: 'utf8' }))
    if (uid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new SetupError(
    'PostgreSQL does not run as root, and there is neither a user postgres nor nobody: `useradd --system postgres` makes one.',
  )
}

const OTHERS_MAY_ENTER = 0o001

/** A folder that does not exist yet will be as accessible as its parent, unless the umask is strict. */
function canEnter(folder, identity) {
  if (!existsSync(folder))
    return (process.umask() & OTHERS_MAY_ENTER) === 0 && canEnter(dirname(folder), identity)
  return spawnSync('test', ['-x', folder], { ...identity, cwd: '/' }).status === 0
}

function canRead(programs, identity) {
  const run = spawnSync(join(programs, 'bin/postgres'), ['--version'], { ...identity, cwd: '/' })
  const read = spawnSync('test', ['-r', join(programs, 'share/postgresql/postgres.bki')], {
    ...identity,
    cwd: '/',
  })
  return run.status === 0 && read.status === 0
}

function placeOutside({ folder, identity, programs }) {
  const place = join(REACHABLE_BY_ALL, createHash('sha256').update(folder).digest('hex').slice(0, 16))
  const { version } = JSON.parse(readFileSync(join(dirname(programs), 'package.json'), 'utf8'))
  const copy = join(place, `postgresql-${version}`)
  return {
    identity: ownerOf(join(place, 'postgres')) ?? identity,
    programs: copy,
    source: programs,
    data: join(place, 'postgres'),
  }
}

function ownerOf(data) {
  const owner = statSync(data, { throwIfNoEntry: false })
  return owner && { uid: owner.uid, gid: owner.gid }
}

/** Copies the programs to where the user who runs them can read them. */
export function placePrograms({ programs, source }) {
  if (source === undefined || existsSync(programs)) return
  const place = dirname(programs)
  mkdirSync(place, { recursive: true })
  for (const each of [REACHABLE_BY_ALL, place]) chmodSync(each, 0o755)
  copyForAll(source, programs)
}

function copyForAll(from, to) {
  const temporary = `${to}.${process.pid}.tmp`
  cpSync(from, temporary, { recursive: true, verbatimSymlinks: true })
  // Restores permissions that a strict umask removed when npm wrote the files.
  const { status } = spawnSync('chmod', ['-R', 'go+rX', temporary])
  if (status !== 0)
    throw new SetupError(`${temporary} could not be made readable for the user who runs PostgreSQL.`)
  renameSync(temporary, to)
}

/** Creates an empty folder owned by the user who runs PostgreSQL, replacing an existing one. */
export function makeOwnedFolder(path, { uid, gid }) {
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (uid !== undefined) chownSync(path, uid, gid)
}
