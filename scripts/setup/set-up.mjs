// The set-up: everything between a fresh clone and a product that can start. Steps that are up to date are
// skipped.
//   node scripts/setup/main.mjs [--quiet-when-done] [--with-chromium] [--keep-database]
//   node scripts/setup/main.mjs --libraries-only     third-party code: packages, TensorFlow and its binding
//   node scripts/setup/main.mjs --engine-only     for training on disk: no database and no pages
//   node scripts/setup/main.mjs --command-only     for the command that speaks to the API: no TensorFlow either
//   node scripts/setup/main.mjs --worker-only     for a worker: no pages, and with DATABASE_URL, whose owner
//     migrates it, no database
//   node scripts/setup/main.mjs --without-pages     for the tests that need no browser
//   node scripts/setup/main.mjs --stop     stops this checkout's Studyhall and its embedded PostgreSQL
// Uses only Node's own modules, because node_modules may not exist yet.
import { parseArgs } from 'node:util'
import { buildProcessesStep } from './build/build-processes.mjs'
import { buildWeb } from './build/build-web.mjs'
import { findMissing } from './check-machine.mjs'
import { generateStep } from './generate.mjs'
import { buildBinding } from './install/build-binding.mjs'
import { installChromium } from './install/install-chromium.mjs'
import { installPackages } from './install/install-packages.mjs'
import { installTensorflow } from './install/install-tensorflow.mjs'
import { installTestServers } from './install/install-test-servers.mjs'
import { migrateDatabase } from './postgres/migrate.mjs'
import { stopPostgres, stopPostgresIfUnused } from './postgres/postgres-server.mjs'
import { startPostgresStep } from './postgres/start-postgres.mjs'
import { SetupError } from './run-command.mjs'
import { developmentFolder, endRunningInstance } from './running-instance.mjs'
import { externalDatabaseUrl } from './settings.mjs'
import { takeSetupLock } from './setup-lock.mjs'
import { createDisplay, runSteps } from './steps.mjs'

const EXIT_INTERRUPTED = 130

const { values: options } = parseArgs({
  options: {
    'quiet-when-done': { type: 'boolean', default: false },
    'with-chromium': { type: 'boolean', default: false },
    'keep-database': { type: 'boolean', default: false },
    'libraries-only': { type: 'boolean', default: false },
    'engine-only': { type: 'boolean', default: false },
    'command-only': { type: 'boolean', default: false },
    'worker-only': { type: 'boolean', default: false },
    'without-pages': { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false },
  },
})

if (options.stop) await stop()
else {
  const abort = abortOnSignals()
  const exitCode = await setUp(abort)
  // Checked last, so that an interrupted set-up never looks successful.
  process.exitCode = abort.wasInterrupted ? EXIT_INTERRUPTED : exitCode
}

async function stop() {
  if (await endRunningInstance()) console.log('Studyhall is stopped.')
  if (await endRunningInstance(developmentFolder)) console.log('Studyhall in development is stopped.')
  const hasStopped = await stopPostgres()
  console.log(hasStopped ? 'The embedded PostgreSQL is stopped.' : 'No embedded PostgreSQL runs any more.')
}

async function setUp(abort) {
  const startedMs = performance.now()
  const display = createDisplay({
    isQuiet: options['quiet-when-done'],
    // Training on disk and the command print JSON lines to stdout.
    stream: options['engine-only'] || options['command-only'] ? process.stderr : process.stdout,
  })
  let ownsPostgres = false
  let releaseLock = () => {}
  try {
    releaseLock = await takeSetupLock({
      signal: abort.signal,
      onWait: (pid) => display.print(`… waiting for another set-up of this checkout (process ${pid})`),
    })
    const steps = listSteps({ onPostgresStart: () => (ownsPostgres = true) })
    if (!(await checkMachine(steps))) return 1
    const didCount = await runSteps(steps, { signal: abort.signal, display })
    if (didCount > 0 || !options['quiet-when-done']) display.print(`Set up in ${secondsSince(startedMs)}.`)
    return 0
  } catch (error) {
    display.close()
    report(error, abort)
    return 1
  } finally {
    if (ownsPostgres) await leavePostgres(abort)
    releaseLock()
  }
}

/**
 * The next program starts the server itself, so that nothing keeps running between programs, out of reach of
 * Ctrl-C.
 */
async function leavePostgres({ wasInterrupted }) {
  if (!options['keep-database']) await stopPostgresIfUnused()
  else if (wasInterrupted) await stopPostgres()
}

function listSteps({ onPostgresStart }) {
  const libraries = [installPackages, installTensorflow, buildBinding]
  if (options['libraries-only']) return libraries
  if (options['command-only']) return [installPackages, generateStep, buildProcessesStep]
  const engine = [...libraries, generateStep, buildProcessesStep]
  if (options['engine-only']) return engine
  const database = [
    startPostgresStep({ keepRunning: options['keep-database'], onStart: onPostgresStart }),
    migrateDatabase,
  ]
  if (options['worker-only']) return [...engine, ...(externalDatabaseUrl ? [] : database)]
  if (options['without-pages']) return [...engine, ...database, installTestServers]
  return [
    ...engine,
    ...database,
    buildWeb,
    ...(options['with-chromium'] ? [installChromium, installTestServers] : []),
  ]
}

/** Checks prerequisites only if a step that needs them is not up to date. */
async function checkMachine(steps) {
  const toolUsers = steps.filter(({ name }) => ['packages', 'tensorflow', 'binding'].includes(name))
  const areDone = await Promise.all(toolUsers.map((step) => step.isCurrent()))
  if (areDone.every(Boolean)) return true
  const missing = findMissing()
  for (const line of missing) console.error(`✗ ${line}`)
  return missing.length === 0
}

function abortOnSignals() {
  const abort = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, () => {
      abort.wasInterrupted = true
      abort.abort()
    })
  return abort
}

function report(error, abort) {
  if (abort.wasInterrupted) console.error('Interrupted. The next set-up goes on from here.')
  else console.error(error instanceof SetupError ? `✗ ${error.message}` : error)
}

function secondsSince(startedMs) {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`
}
