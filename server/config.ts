import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { EMAIL_LENGTH, NAME_LENGTHS } from '../contract/limits.ts'
import { LogLevel } from '../logging/open-log.ts'
import { type StoragePlace, storageEnvironment, storagePlace } from '../storage/open-storage.ts'
import type { AuthLimits } from './access/rate-limit.ts'
import { findWeakness } from './access/secret-strength.ts'
import {
  checkSignIn,
  type SignInSettings,
  signInEnvironment,
  signInSettings,
} from './access/sign-in/settings.ts'
import { MAX_COST } from './graphql/transport/cost-limit.ts'
import type { Patience } from './graphql/transport/unread-sockets.ts'
import type { OutwardRules } from './webhooks/post-outward.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** How long a webhook's receiver has for its answer. */
const WEBHOOK_TIMEOUT_MS = 10_000

const Secret = z
  .string()
  .min(32, 'has fewer than 32 characters')
  .superRefine((secret, { addIssue }) => {
    const weakness = findWeakness(secret)
    if (weakness) addIssue({ code: 'custom', message: weakness })
    if (/change|secret|password|example|better-auth|studyhall/i.test(secret))
      addIssue({ code: 'custom', message: 'looks like a placeholder' })
  })

const Variables = z.object({
  NODE_ENV: z.string().default('development'),
  DATABASE_URL: z
    .string({ error: 'DATABASE_URL is not set' })
    .regex(/^postgres(ql)?:\/\//, 'is no PostgreSQL URL'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'is no Redis URL')
    .optional(),
  STUDYHALL_HOME: z.string().default(path.join(ROOT, '.studyhall')),
  ...storageEnvironment,
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  API_SCHEMA: z.enum(['members', 'nobody']).default('members'),
  API_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  API_METRICS_HOST: z.string().default('127.0.0.1'),
  PUBLIC_ORIGIN: z.url({ protocol: /^https?$/ }).default('http://localhost:3000'),
  AUTH_SECRET: z.string({ error: 'is not set' }).pipe(Secret),
  AUTH_ATTEMPTS_PER_MINUTE: z.coerce.number().int().min(1).default(30),
  API_COST_PER_MINUTE: z.coerce.number().int().min(MAX_COST).max(1_000_000_000).default(1_000_000),
  AUTH_SIGN_UPS_PER_HOUR: z.coerce.number().int().min(1).default(30),
  STUDYHALL_FRONT_SECRET: Secret.optional(),
  AUDIT_KEEP_DAYS: z.coerce.number().int().min(30).max(3650).default(400),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'is no smtp:// or smtps:// address' }).optional(),
  SMTP_FROM: z
    .string()
    .max(EMAIL_LENGTH + NAME_LENGTHS.person)
    .regex(/^[^\r\n]*@[^\r\n]+$/, 'is no address such as Studyhall <studyhall@example.org>')
    .optional(),
  WEBHOOK_PRIVATE_HOSTS: z.string().default(''),
  ...signInEnvironment,
  LOG_LEVEL: LogLevel.default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
})
const Environment = Variables.superRefine(checkSignIn)

/** What a server needs to know of the world around it. */
export interface ServerConfig {
  production: boolean
  databaseUrl: string
  redisUrl?: string | undefined
  /** Where blobs are, shared with the workers, and partial uploads, shared with other servers. */
  storage: StoragePlace
  host: string
  /** 0 for any free one. */
  port: number
  /** Whether those who are signed in may read the schema: by introspection, and at /schema.graphql. */
  showsSchema: boolean
  /** Where it tells Prometheus its numbers; nowhere without it. */
  metrics?: { host: string; port: number } | undefined
  /** Where people's browsers see the product: scheme, host and port. */
  publicOrigin: string
  authSecret: string
  authLimits: AuthLimits
  signIn: SignInSettings
  unreadSockets: Patience
  /** What a person or a key may ask of GraphQL in a minute, by the cost of operations. */
  costPerMinute: number
  /** By which the pages' front shows that a client's address is true; without it every address is the connection's. */
  frontSecret?: string | undefined
  /** How long the audit log keeps what it tells. */
  auditKeepDays: number
  /** Where mails go; without it they wait to be read by the instance's administrator. */
  mail?: { url: string; from: string } | undefined
  /** How messages to webhooks are posted. */
  webhooks: OutwardRules
  logLevel: LogLevel
  /** Where OpenTelemetry sends traces to. */
  tracesEndpoint?: string | undefined
}

/**
 * Reads the environment; nothing else in the server does.
 * @throws Error that names every variable that is missing or malformed
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ServerConfig {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(present)
  if (!parsed.success) throw new Error(describe(parsed.error))
  const env = parsed.data
  return {
    production: env.NODE_ENV === 'production',
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    storage: storagePlace(env, env.STUDYHALL_HOME),
    host: env.API_HOST,
    port: env.API_PORT,
    showsSchema: env.API_SCHEMA === 'members',
    metrics: env.API_METRICS_PORT ? { host: env.API_METRICS_HOST, port: env.API_METRICS_PORT } : undefined,
    publicOrigin: new URL(env.PUBLIC_ORIGIN).origin,
    authSecret: env.AUTH_SECRET,
    authLimits: {
      attemptsPerMinute: env.AUTH_ATTEMPTS_PER_MINUTE,
      signUpsPerHour: env.AUTH_SIGN_UPS_PER_HOUR,
    },
    signIn: signInSettings(env, env.SMTP_URL !== undefined),
    costPerMinute: env.API_COST_PER_MINUTE,
    unreadSockets: { lookEveryMs: 5_000, unreadMs: 20_000 },
    frontSecret: env.STUDYHALL_FRONT_SECRET,
    auditKeepDays: env.AUDIT_KEEP_DAYS,
    mail: env.SMTP_URL
      ? { url: env.SMTP_URL, from: env.SMTP_FROM ?? defaultFrom(env.PUBLIC_ORIGIN) }
      : undefined,
    webhooks: { privateHosts: listHosts(env.WEBHOOK_PRIVATE_HOSTS), timeoutMs: WEBHOOK_TIMEOUT_MS },
    logLevel: env.LOG_LEVEL,
    tracesEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  }
}

/** Host names and addresses with commas between, as they stand in a URL. */
function listHosts(text: string): string[] {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase())
  return hosts.filter((host) => host !== '')
}

function defaultFrom(publicOrigin: string): string {
  return `Studyhall <studyhall@${new URL(publicOrigin).hostname}>`
}

function describe(error: z.ZodError): string {
  const lines = error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  return `The server cannot start, its environment is not right:\n${lines.join('\n')}\nA good secret: openssl rand -hex 32`
}
