// Starts and stops the embedded PostgreSQL with pg_ctl. The server outlives the set-up, and a running one is
// found again.
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort, isFree } from '../choose-ports.mjs'
import { postgresPackage } from '../install/install-packages.mjs'
import { readCommandLine } from '../read-process.mjs'
import { runCommand, SetupError } from '../run-command.mjs'
import { externalDatabaseUrl, home } from '../settings.mjs'
import {
  embeddedDatabase,
  embeddedDatabaseUrl,
  embeddedUser,
  readPostgresState,
  writePostgresState,
} from './database-url.mjs'
import { makeOwnedFolder, placePostgres, placePrograms } from './place-postgres.mjs'

const FIRST_PORT = 25432
const READY_TIMEOUT_MS = 60_000
const UNUSED_TIMEOUT_MS = 5_000
const RETRY_MS = 100
// `cannot_connect_now`: the server is running but not ready yet, for example while recovering from a crash.
const STARTING_UP = '57P03'

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // TCP only, because socket paths are limited to 107 bytes and the checkout's path may be longer.
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_connections: '200',
}

/** `{pid, port}` of this folder's embedded server if it is running, or undefined. */
export function findRunningPostgres({ folder = home, place = placePostgres(folder) } = {}) {
  const noted = readPidFile(place.data)
  if (!noted) return undefined
  // Our server's command line contains the data folder; otherwise the pid was reused by another process.
  return readCommandLine(noted.pid)?.includes(place.data) ? noted : undefined
}

/**
 * Starts the embedded server, initialising it if needed, and waits until it accepts connections.
 * Returns whether this call started it.
 */
export async function startPostgres({ folder = home, signal, tell = () => {} } = {}) {
  const place = placePostgres(folder)
  placePrograms(place)
  const state = await ensureState(folder, place)
  if (existsSync(join(place.data, 'PG_VERSION'))) checkVersion(place)
  else await initialise({ place, state, signal, tell })
  const running = findRunningPostgres({ folder, place })
  if (running) {
    if (running.port !== state.port) writePostgresState({ ...state, port: running.port }, folder)
  } else await launch({ folder, place, state, tell })
  await ensureDatabase({ folder, signal })
  return !running
}

/** Stops the embedded server if it is running, ending connections cleanly, and clears keepRunning. */
export async function stopPostgres({ folder = home, signal } = {}) {
  const { keepRunning, ...state } = readPostgresState(folder) ?? {}
  if (keepRunning) writePostgresState(state, folder)
  const place = placePostgres(folder)
  if (!findRunningPostgres({ folder, place })) return false
  placePrograms(place)
  await runPgCtl(place, ['stop', '-m', 'fast', '-w', '-D', place.data], { signal })
  return true
}

/** Stops the embedded server unless it has other clients or `npm run setup` asked to keep it running. */
export async function stopPostgresIfUnused({ folder = home } = {}) {
  if (externalDatabaseUrl || readPostgresState(folder)?.keepRunning) return false
  if (!findRunningPostgres({ folder }) || !(await becomesUnused(folder))) return false
  return stopPostgres({ folder })
}

/** A process that has just ended may still count as connected for a while on a busy machine. */
async function becomesUnused(folder) {
  const deadline = performance.now() + UNUSED_TIMEOUT_MS
  while ((await countOtherClients(folder)) > 0) {
    if (performance.now() > deadline) return false
    await sleep(RETRY_MS)
  }
  return true
}

function readPidFile(data) {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) }
}

/**
 * Port and password are saved before the first start, so that an interrupted start is continued with the
 * same.
 */
async function ensureState(folder, place) {
  const saved = readPostgresState(folder)
  if (saved?.port && saved.password) return saved
  if (existsSync(join(place.data, 'PG_VERSION')))
    throw new SetupError(
      `The password of the database in ${place.data} is lost, since ${join(folder, 'postgres.json')} is gone. Put that file back, or remove the data folder to begin with an empty database.`,
    )
  const state = { port: await findFreePort(FIRST_PORT), password: randomBytes(24).toString('base64url') }
  writePostgresState(state, folder)
  return state
}

/** PostgreSQL can only read data of its own major version, which is also the package's major version. */
function checkVersion({ data }) {
  const dataVersion = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  const { version } = JSON.parse(readFileSync(join(postgresPackage, 'package.json'), 'utf8'))
  if (version.split('.')[0] !== dataVersion)
    throw new SetupError(
      `The database in ${data} is PostgreSQL ${dataVersion}'s, and the package is now ${version}. Move it with pg_dump of the older version, or remove the folder to begin with an empty database.`,
    )
}

async function initialise({ place, state, signal, tell }) {
  tell('making the database')
  const parts = { data: `${place.data}.new`, password: `${place.data}.password` }
  makeOwnedFolder(parts.data, place.identity)
  writeFileSync(parts.password, state.password, { mode: 0o600 })
  if (place.identity.uid !== undefined) chownSync(parts.password, place.identity.uid, place.identity.gid)
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  try {
    await runCommand(
      join(place.programs, 'bin/initdb'),
      [
        ...[
          '-D',
          parts.data,
          '-U',
          embeddedUser,
          '-E',
          'UTF8',
          '--auth',
          'scram-sha-256',
          '--pwfile',
          parts.password,
        ],
        // PostgreSQL's builtin collation, for the same order on every machine regardless of its locales.
        ...['--no-locale', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
        ...settings,
      ],
      {
        log: 'postgres-init',
        signal,
        identity: place.identity,
        cwd: '/',
        why: 'The embedded database could not be made.',
      },
    )
  } finally {
    rmSync(parts.password, { force: true })
  }
  renameSync(parts.data, place.data)
}

/** Not interruptible: an aborted pg_ctl would leave an unknown server behind. Takes half a second. */
async function launch({ folder, place, state, tell }) {
  // Removes a pid file left by a crash or reboot; findRunningPostgres has checked that the process is not
  // ours. PostgreSQL itself would mistake any live process with that pid for a server and refuse to start.
  rmSync(join(place.data, 'postmaster.pid'), { force: true })
  const port = (await isFree(state.port)) ? state.port : await findFreePort(FIRST_PORT)
  if (port !== state.port) tell(`port ${state.port} is taken, using ${port}`)
  writePostgresState({ ...state, port }, folder)
  const log = join(place.data, 'server.log')
  await runPgCtl(place, ['start', '-w', '-t', '60', '-D', place.data, '-l', log, '-o', `-p ${port}`], {
    why: `The embedded database did not start; its own log: ${log}.`,
  })
}

function runPgCtl({ programs, identity }, args, { signal, why }) {
  mkdirSync(join(home, 'logs'), { recursive: true })
  return runCommand(join(programs, 'bin/pg_ctl'), args, {
    log: `postgres-${args[0]}`,
    signal,
    identity,
    cwd: '/',
    why,
  })
}

async function ensureDatabase({ folder, signal }) {
  const client = await connectWhenReady(embeddedDatabaseUrl({ folder, database: 'postgres' }), signal)
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      embeddedDatabase,
    ])
    if (rowCount === 0) await client.query(`create database ${embeddedDatabase}`)
  } finally {
    await client.end()
  }
}

async function connectWhenReady(connectionString, signal) {
  const { default: pg } = await import('pg')
  const deadline = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    const client = new pg.Client({ connectionString })
    try {
      await client.connect()
      return client
    } catch (error) {
      const isComing = error.code === STARTING_UP || error.code === 'ECONNREFUSED'
      if (!isComing || performance.now() > deadline) throw error
      await sleep(RETRY_MS, undefined, { signal })
    }
  }
}

async function countOtherClients(folder) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: embeddedDatabaseUrl({ folder, database: 'postgres' }) })
  await client.connect()
  try {
    const { rows } = await client.query(
      `select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    return rows[0].others
  } finally {
    await client.end()
  }
}
