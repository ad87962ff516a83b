// Where the set-up reads the environment: once, here. A `.env` in the checkout counts as environment, and what the
// shell already exports wins over it.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's folder, absolute, without a slash at its end. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)))

if (existsSync(join(root, '.env'))) process.loadEnvFile?.(join(root, '.env'))

/** Everything the set-up makes and keeps for this checkout, absolute; gitignored. */
export const home = resolve(root, process.env.STUDYHALL_HOME || '.studyhall')

export const externalDatabaseUrl = process.env.DATABASE_URL || undefined

/** 'cpu', 'cuda', or undefined where the set-up is to look for itself. */
export const chosenDevice = readDevice()

export const chosenChromium = process.env.STUDYHALL_CHROMIUM || undefined

function readDevice() {
  const device = process.env.STUDYHALL_DEVICE || undefined
  if (device === undefined || device === 'cpu' || device === 'cuda') return device
  console.error(`STUDYHALL_DEVICE is "${device}": it must be cpu or cuda, or not set at all.`)
  process.exit(2)
}
