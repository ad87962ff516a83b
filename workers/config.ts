import { hostname } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { trainingEnvironment } from './training/training-environment.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const Environment = z.object({
  DATABASE_URL: z.string({ error: 'is not set' }).regex(/^postgres(ql)?:\/\//, 'is no PostgreSQL URL'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'is no Redis URL')
    .optional(),
  STUDYHALL_HOME: z.string().default(path.join(ROOT, '.studyhall')),
  STUDYHALL_STORAGE: z.string().optional(),
  WORKER_TRAININGS: z.coerce.number().int().min(1).max(64).default(1),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export interface WorkerConfig {
  /** How runs name the worker that holds them: `host:pid`. */
  name: string
  databaseUrl: string
  redisUrl?: string | undefined
  /** Folder of blobs, shared with the server. */
  storageFolder: string
  /** Folder for what a run needs while it trains; emptied when it has ended. */
  scratchFolder: string
  /** Runs trained at a time; each takes all the cores it is given. */
  trainings: number
  logLevel: string
  /** The environment of a training process: no credential of the worker's is in it. */
  trainingEnvironment: NodeJS.ProcessEnv
}

/**
 * Reads the environment; nothing else in the worker does.
 * @throws Error that names every variable that is missing or malformed
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(present)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The worker cannot start, its environment is not right:\n${lines.join('\n')}`)
  }
  const env = parsed.data
  const home = path.resolve(env.STUDYHALL_HOME)
  return {
    name: `${hostname()}:${process.pid}`,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    storageFolder: path.resolve(env.STUDYHALL_STORAGE ?? path.join(home, 'storage')),
    scratchFolder: path.join(home, 'scratch'),
    trainings: env.WORKER_TRAININGS,
    logLevel: env.LOG_LEVEL,
    trainingEnvironment: trainingEnvironment(environment),
  }
}
