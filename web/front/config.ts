import { z } from 'zod'
import { TrustedProxies } from './client-address.ts'
import type { ApiPlace } from './headers.ts'

const Environment = z.object({
  NODE_ENV: z.string().optional(),
  STUDYHALL_WEB_HOST: z.string().default('127.0.0.1'),
  STUDYHALL_WEB_PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  STUDYHALL_API_ORIGIN: z
    .url({ protocol: /^http$/, error: 'is not an http:// address' })
    .default('http://127.0.0.1:4000'),
  STUDYHALL_FRONT_SECRET: z.string().min(32, 'has fewer than 32 characters').optional(),
  STUDYHALL_TRUSTED_PROXIES: z.string().default('').transform(readProxies),
  PUBLIC_ORIGIN: z.url({ protocol: /^https?$/ }).default('http://localhost:3000'),
})

function readProxies(text: string, { addIssue }: z.core.$RefinementCtx<string>): TrustedProxies {
  try {
    return new TrustedProxies(text)
  } catch (error) {
    addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
}

export interface FrontConfig {
  /** The pages as they stand in the source, with hot reload; else as they were built. */
  development: boolean
  host: string
  port: number
  api: ApiPlace
  /** Browsers come by https, though not to this process: before it stands what speaks it. */
  isSecure: boolean
  publicOrigin: string
}

/**
 * Reads the environment; nothing else in this process does.
 * @throws Error that names every variable that is malformed
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): FrontConfig {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(present)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The pages cannot be served, their environment is not right:\n${lines.join('\n')}`)
  }
  const env = parsed.data
  return {
    // Tests have a NODE_ENV of their own, and look at the pages as they were built.
    development: env.NODE_ENV === 'development',
    host: env.STUDYHALL_WEB_HOST,
    port: env.STUDYHALL_WEB_PORT,
    api: {
      origin: new URL(env.STUDYHALL_API_ORIGIN).origin,
      secret: env.STUDYHALL_FRONT_SECRET,
      proxies: env.STUDYHALL_TRUSTED_PROXIES,
    },
    isSecure: new URL(env.PUBLIC_ORIGIN).protocol === 'https:',
    publicOrigin: new URL(env.PUBLIC_ORIGIN).origin,
  }
}
