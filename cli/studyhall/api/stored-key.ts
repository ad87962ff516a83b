import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { CommandError } from '../outcome.ts'
import type { Surroundings } from '../surroundings.ts'

const DEFAULT_URL = 'http://localhost:3000'

const StoredKey = z.object({ url: z.string(), key: z.string() })
export type StoredKey = z.infer<typeof StoredKey>

type Env = Surroundings['env']

/** Where `studyhall login` and `studyhall sign-in` keep the key, readable by its owner alone. */
export function keyFile(env: Env): string {
  const base = env.XDG_CONFIG_HOME || path.join(env.HOME ?? homedir(), '.config')
  return path.join(base, 'studyhall', 'key.json')
}

export async function storeKey(env: Env, stored: StoredKey): Promise<string> {
  const file = keyFile(env)
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, `${JSON.stringify(stored)}\n`, { mode: 0o600 })
  // An earlier file of that name keeps its mode when it is written to.
  await chmod(`${file}.new`, 0o600)
  await rename(`${file}.new`, file)
  return file
}

export async function forgetKey(env: Env): Promise<void> {
  await rm(keyFile(env), { force: true })
}

/** STUDYHALL_URL, else where the stored key is of, else the product on this machine. */
export async function findUrl(env: Env): Promise<string> {
  return checkUrl(env.STUDYHALL_URL || (await readStored(env))?.url || DEFAULT_URL)
}

/** STUDYHALL_KEY with STUDYHALL_URL, else what `studyhall sign-in` stored. A stored key goes to its own product only. */
export async function findKey(env: Env): Promise<StoredKey> {
  const stored = await readStored(env)
  const url = await findUrl(env)
  if (env.STUDYHALL_KEY) return { url, key: env.STUDYHALL_KEY }
  if (!stored)
    throw new CommandError(
      'notPermitted',
      'Nobody is signed in. Run `studyhall login`, or set STUDYHALL_KEY to a key made under Settings.',
    )
  if (checkUrl(stored.url) !== url)
    throw new CommandError(
      'notPermitted',
      `The stored key is for ${stored.url} and STUDYHALL_URL is ${url}. Run \`studyhall sign-in\` there, or set STUDYHALL_KEY.`,
    )
  return { url, key: stored.key }
}

async function readStored(env: Env): Promise<StoredKey | null> {
  const file = keyFile(env)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new CommandError('failed', `${file} cannot be read (${error.code}).`)
  })
  if (text === null) return null
  try {
    return StoredKey.parse(JSON.parse(text))
  } catch {
    throw new CommandError('failed', `${file} is damaged. Delete it and run \`studyhall sign-in\` again.`)
  }
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol)) return url.origin
  throw new CommandError(
    'usage',
    `${text} is no address of Studyhall: write https://host or http://host:port.`,
  )
}
