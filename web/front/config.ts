import { z } from 'zod'

const Environment = z.object({
  NODE_ENV: z.string().optional(),
  STUDYHALL_WEB_HOST: z.string().default('127.0.0.1'),
  STUDYHALL_WEB_PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  STUDYHALL_API_ORIGIN: z
    .url({ protocol: /^http$/, error: 'is not an http:// address' })
    .default('http://127.0.0.1:4000'),
})

export interface FrontConfig {
  /** The pages as they stand in the source, with hot reload; else as they were built. */
  development: boolean
  host: string
  port: number
  /** Scheme, host and port of the API. */
  apiOrigin: string
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
    apiOrigin: new URL(env.STUDYHALL_API_ORIGIN).origin,
  }
}
