import { hostname } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Label } from '../contract/devices.ts'
import { LogLevel } from '../logging/open-log.ts'
import { type StoragePlace, storageEnvironment, storagePlace } from '../storage/open-storage.ts'
import { trainingEnvironment } from './training/training-environment.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const Environment = z.object({
  DATABASE_URL: z.string({ error: 'is not set' }).regex(/^postgres(ql)?:\/\//, 'is no PostgreSQL URL'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'is no Redis URL')
    .optional(),
  STUDYHALL_HOME: z.string().default(path.join(ROOT, '.studyhall')),
  ...storageEnvironment,
  STUDYHALL_DEVICE: z.enum(['cpu', 'cuda']).optional(),
  WORKER_LABELS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((label) => label.trim())
        .filter((label) => label !== ''),
    )
    .pipe(z.array(Label)),
  WORKER_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  WORKER_METRICS_HOST: z.string().default('127.0.0.1'),
  WORKER_TRAININGS: z.coerce.number().int().min(1).max(64).default(1),
  WORKER_CHECKPOINT_SECONDS: z.coerce.number().gt(0).max(86_400).default(60),
  WORKER_CHECKPOINT_STEPS: z.coerce.number().int().min(1).optional(),
  LOG_LEVEL: LogLevel.default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
})

export interface WorkerConfig {
  /** `host:pid`, stored as a run's `workerName`. */
  name: string
  databaseUrl: string
  redisUrl?: string | undefined
  /** Blob storage, shared with the server. */
  storage: StoragePlace
  /** Folder of everything that is kept on this machine. */
  home: string
  /** Folder for a run's temporary files, which are removed when the run ends. */
  scratchFolder: string
  /** Concurrent runs per device: on the CPU, or on each GPU. */
  trainings: number
  /** `cpu` to ignore GPUs, `cuda` to require one; by default, GPUs if there are any. */
  wantedDevice?: 'cpu' | 'cuda' | undefined
  /** CUDA_VISIBLE_DEVICES: the GPUs that this worker may use. */
  visibleCards?: string | undefined
  /** Labels that runs can request. */
  labels: string[]
  /** Address of the health and metrics server; none if unset. */
  metrics?: { host: string; port: number } | undefined
  /** How often a run is saved; later steps are repeated if its worker is lost. */
  checkpoints: { everySeconds: number; everySteps?: number | undefined }
  logLevel: LogLevel
  /** Where OpenTelemetry sends traces to. */
  tracesEndpoint?: string | undefined
  /** Environment of training processes, without the worker's credentials. */
  trainingEnvironment: NodeJS.ProcessEnv
}

/**
 * Reads the environment; the only place in the worker that does.
 * @throws an error that names every missing or malformed variable
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(present)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The worker cannot start because its environment is invalid:\n${lines.join('\n')}`)
  }
  const env = parsed.data
  const home = path.resolve(env.STUDYHALL_HOME)
  return {
    name: `${hostname()}:${process.pid}`,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    storage: storagePlace(env, home),
    home,
    scratchFolder: path.join(home, 'scratch'),
    trainings: env.WORKER_TRAININGS,
    wantedDevice: env.STUDYHALL_DEVICE,
    visibleCards: environment.CUDA_VISIBLE_DEVICES,
    labels: env.WORKER_LABELS,
    metrics: env.WORKER_METRICS_PORT
      ? { host: env.WORKER_METRICS_HOST, port: env.WORKER_METRICS_PORT }
      : undefined,
    checkpoints: { everySeconds: env.WORKER_CHECKPOINT_SECONDS, everySteps: env.WORKER_CHECKPOINT_STEPS },
    logLevel: env.LOG_LEVEL,
    tracesEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    trainingEnvironment: trainingEnvironment(environment),
  }
}
