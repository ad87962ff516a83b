/** The environment of the server, worker and web processes. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { databaseUrl } from '../setup/postgres/database-url.mjs'
import { home } from '../setup/settings.mjs'
import { writeFileWhole } from '../setup/stamps.mjs'

const SECRET_BYTES = 32

const Secrets = z.object({ authSecret: z.string().min(32) })

/** `process.env` plus everything that the three processes need; existing variables take precedence. */
export function makeEnvironment(ports: { api: number; web: number }): NodeJS.ProcessEnv {
  return {
    NEXT_TELEMETRY_DISABLED: '1',
    PUBLIC_ORIGIN: `http://localhost:${ports.web}`,
    AUTH_SECRET: process.env.AUTH_SECRET || readAuthSecret(),
    ...makeWorkerEnvironment(),
    API_PORT: String(ports.api),
    STUDYHALL_API_ORIGIN: `http://127.0.0.1:${ports.api}`,
    STUDYHALL_WEB_PORT: String(ports.web),
    // Regenerated at every start, because only processes started together use it.
    STUDYHALL_FRONT_SECRET: process.env.STUDYHALL_FRONT_SECRET || randomBytes(SECRET_BYTES).toString('hex'),
  }
}

/** The environment of a worker alone, which needs no ports and no auth secret. */
export function makeWorkerEnvironment(): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    // Silences TensorFlow's remarks about CPU features.
    TF_CPP_MIN_LOG_LEVEL: '2',
    STUDYHALL_STORAGE: path.join(home, 'storage'),
    ...withoutEmpty(process.env),
    DATABASE_URL: databaseUrl(),
    STUDYHALL_HOME: home,
  }
}

function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
}

/** Generated once and kept, because changing the secret would sign everybody out. */
function readAuthSecret(): string {
  const file = path.join(home, 'secrets.json')
  try {
    return Secrets.parse(JSON.parse(readFileSync(file, 'utf8'))).authSecret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
  const authSecret = randomBytes(SECRET_BYTES).toString('hex')
  writeFileWhole(file, `${JSON.stringify({ authSecret })}\n`, 0o600)
  return authSecret
}
