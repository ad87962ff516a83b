/**
 * `npm run try-image -- FOLDER [--device cuda] [--node node:24-bookworm-slim]`: builds the Dockerfile's image without Docker and
 * starts the containers of `deploy/compose.yaml` in it. Needs root, debootstrap and some 8 GB in FOLDER, which is kept: the
 * bases are not made a second time.
 */
import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { buildImage, type Image, inImage } from './image/build-image.ts'
import { type Container, startContainer, stopContainer, waitUntilHealthy } from './image/containers.ts'
import { succeeded } from './image/run-or-throw.ts'
import { databaseUrl } from './setup/postgres/database-url.mjs'

const NODE_USER = 1000
const TRAINING = [
  ...[
    'node',
    'dist/train.js',
    '--data',
    'samples/omniglot-sample.zip',
    '--students',
    'convnet-0.25,convnet-0.25',
  ],
  ...['--recipe', 'quick', '--set', 'epochs=1', '--out', '/data/trained', '--json'],
]

/** Where containers would each have an address of their own, all of these share one. */
const PORTS = { server: 24_000, web: 23_000, serverMetrics: 24_464, workerMetrics: 25_464 }
const at = (port: number, page: string) => `http://127.0.0.1:${port}${page}`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { device: { type: 'string', default: 'cpu' }, node: { type: 'string' } },
  })
  const [folder] = positionals
  if (!folder || process.getuid?.() !== 0) throw new Error('Usage, as root: npm run try-image -- FOLDER')
  const args = { DEVICE: values.device, ...(values.node ? { NODE_IMAGE: values.node } : {}) }
  const image = await buildImage(process.cwd(), path.resolve(folder), args)
  const database = `image_${randomBytes(6).toString('hex')}`
  await asAdmin(`CREATE DATABASE ${database}`)
  const containers: Container[] = []
  try {
    await startAll(image, urlOf(database), containers)
    await lookAtAll()
    for (const container of containers.splice(0).reverse())
      console.log(`✓ ${container.name} was told to end, and ended with ${await stopContainer(container)}`)
    await succeeded(inImage(image, TRAINING), 'a training in the image')
    console.log('✓ a training in the image')
  } finally {
    await Promise.allSettled(containers.map(stopContainer))
    await asAdmin(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
  }
}

async function startAll(image: Image, url: string, containers: Container[]): Promise<void> {
  // The volume, which would be its user's.
  const data = path.join(image.root, 'data')
  mkdirSync(data, { recursive: true })
  chownSync(data, NODE_USER, NODE_USER)
  const secret = () => randomBytes(32).toString('hex')
  const shell = { POSTGRES_PASSWORD: 'unused', AUTH_SECRET: secret(), STUDYHALL_FRONT_SECRET: secret() }
  const start = async (name: string, env: Record<string, string>, healthUrl?: string) => {
    const container = startContainer(image, name, { shell, env })
    if (!healthUrl) return succeeded(container.child, name)
    containers.push(container)
    await waitUntilHealthy(image, container, healthUrl)
    console.log(`✓ ${name} is healthy, says the image's own check`)
  }
  const own = { DATABASE_URL: url }
  await start('migrate', own)
  const server = { API_PORT: String(PORTS.server), API_METRICS_PORT: String(PORTS.serverMetrics) }
  await start('server', { ...own, ...server }, at(PORTS.server, '/livez'))
  const web = { STUDYHALL_WEB_PORT: String(PORTS.web), STUDYHALL_API_ORIGIN: at(PORTS.server, '') }
  await start('web', web, at(PORTS.web, '/sign-in'))
  const worker = { WORKER_METRICS_PORT: String(PORTS.workerMetrics) }
  await start('worker', { ...own, ...worker }, at(PORTS.workerMetrics, '/healthz'))
}

async function lookAtAll(): Promise<void> {
  const pages = [
    at(PORTS.server, '/healthz'),
    at(PORTS.web, '/healthz'),
    at(PORTS.web, '/'),
    at(PORTS.web, '/docs'),
  ]
  for (const page of pages) {
    const answer = await fetch(page)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${page} answered ${answer.status}: ${text.slice(0, 500)}`)
    console.log(`✓ ${page}: ${answer.status}${text.startsWith('{') ? ` ${text}` : ''}`)
  }
}

function urlOf(name: string): string {
  const url = new URL(databaseUrl())
  url.pathname = `/${name}`
  return url.toString()
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

await main().catch((error: Error) => {
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
})
