// The only place where the set-up reads the environment. A `.env` file in the checkout is included; variables
// that the shell exports take precedence.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's absolute path, without a trailing slash. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)))

if (existsSync(join(root, '.env'))) process.loadEnvFile?.(join(root, '.env'))

/** Absolute path of the folder for everything that the set-up creates for this checkout; gitignored. */
export const home = resolve(root, process.env.STUDYHALL_HOME || '.studyhall')

export const externalDatabaseUrl = process.env.DATABASE_URL || undefined

/** 'cpu', 'cuda', or undefined to detect it. */
export const chosenDevice = readDevice()

export const chosenChromium = process.env.STUDYHALL_CHROMIUM || undefined

function readDevice() {
  const device = process.env.STUDYHALL_DEVICE || undefined
  if (device === undefined || device === 'cpu' || device === 'cuda') return device
  console.error(`STUDYHALL_DEVICE is "${device}": it must be cpu or cuda, or not set at all.`)
  process.exit(2)
}
