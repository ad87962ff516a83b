import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Image, inImage } from './build-image.ts'

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({ command: z.array(z.string()).optional(), environment: z.record(z.string(), z.string()) }),
  ),
})
const LONGEST_START_MS = 180_000
const LONGEST_END_MS = 60_000

export interface Container {
  name: string
  child: ChildProcess
  /** Resolves to its exit code. */
  ended: Promise<number | null>
}

/** A service of `deploy/compose.yaml` in an image that has been built, with `env` over the file's own. */
export function startContainer(
  image: Image,
  name: string,
  { shell, env }: { shell: Record<string, string>; env: Record<string, string> },
): Container {
  const compose = Compose.parse(parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }))
  const service = compose.services[name]
  if (!service) throw new Error(`deploy/compose.yaml has no service ${name}.`)
  const own = Object.entries(service.environment).map(([key, text]) => [key, fillIn(text, shell)])
  const variables = { ...Object.fromEntries(own), ...env }
  const child = inImage(image, service.command ?? image.command, { env: variables })
  return { name, child, ended: once(child, 'exit').then(([code]) => code as number | null) }
}

/** `${NAME:-usual}` and `${NAME:?complaint}`, as Compose has them. */
function fillIn(text: string, shell: Record<string, string>): string {
  return text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, sign: string, rest: string) => {
    const value = shell[name]
    if (value === undefined && sign === '?') throw new Error(`${name}: ${rest}`)
    return value ?? rest
  })
}

/** Does the image's health check, in the container's root, until it succeeds. */
export async function waitUntilHealthy(
  image: Image,
  { name, ended }: Container,
  healthUrl: string,
): Promise<void> {
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  const latest = Date.now() + LONGEST_START_MS
  while (Date.now() < latest) {
    if (hasEnded) throw new Error(`${name} ended by itself.`)
    const check = inImage(image, image.healthCheck, { env: { HEALTH_URL: healthUrl }, stdio: 'ignore' })
    const [code] = await once(check, 'exit')
    if (code === 0) return
    await sleep(1_000)
  }
  throw new Error(`${name} was not healthy after ${LONGEST_START_MS / 1_000} s.`)
}

/** Tells it to end, as `docker stop` does. @returns its exit code */
export async function stopContainer({ name, child, ended }: Container): Promise<number | null> {
  // The process that was started has the namespaces alone; its child's child is the container's first.
  await once(spawn('pkill', ['-TERM', '-P', String(child.pid)]), 'exit')
  const code = await Promise.race([ended, sleep(LONGEST_END_MS, 'late' as const, { ref: false })])
  if (code !== 'late') return code
  child.kill('SIGKILL')
  throw new Error(`${name} did not end within ${LONGEST_END_MS / 1_000} s.`)
}
