import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pageDocument } from './page-documents.ts'
import { addCohortAndVersion, addHeldRun, type Person, type Scene } from './scene.ts'
import type { SubscribeOrder } from './subscribe.ts'
import { countSteps, POINTS_A_STEP, type WriteOrder } from './write-order.ts'

const SUBSCRIBERS_A_PERSON = 50
const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export interface StreamWish {
  runs: number
  subscribers: number
  pointsPerSecond: number
  seconds: number
  /** Points go the whole way in these, too, but their ages are not counted: a server that was just started compiles. */
  warmUpSeconds: number
}

/** Points from many runs at once into PostgreSQL and out to subscribers of the page's query. */
export async function measureStream(scene: Scene, wish: StreamWish) {
  const { database } = scene
  const people: Person[] = []
  for (let i = 0; i < Math.ceil(wish.subscribers / SUBSCRIBERS_A_PERSON); i++)
    people.push(await scene.signUp(`reader-${i}`))
  const [owner, ...others] = people
  for (const { userId } of others)
    await database.member.create({
      data: { id: `mem_${userId.slice(0, 20)}`, teamId: owner!.teamId, userId, role: 'VIEWER' },
    })
  const parts = await addCohortAndVersion(database, owner!)
  const runs: Awaited<ReturnType<typeof addHeldRun>>[] = []
  for (let i = 0; i < wish.runs; i++) runs.push(await addHeldRun(database, owner!, parts))

  const order = { ...wish, databaseUrl: scene.databaseUrl, leases: runs }
  const { steps, warmUpSteps } = countSteps(order)
  const readers = await startReaders({
    url: `${scene.apiUrl.replace('http', 'ws')}/graphql`,
    query: pageDocument('RunEvents'),
    subscribers: Array.from({ length: wish.subscribers }, (_, i) => ({
      cookie: people[i % people.length]!.cookie,
      runId: runs[i % runs.length]!.runId,
    })),
    pointsPerRun: steps * POINTS_A_STEP,
    warmUpSteps,
    timeoutSeconds: 2 * (wish.seconds + wish.warmUpSeconds) + 30,
  })
  await waitForSubscribers(scene, wish.subscribers)
  readers.begin()
  // The event loop's delay is told since it was last asked for.
  await fetch(scene.metricsUrl)
  const written = await writePoints(order)
  const loop = await readLoopDelay(scene)
  return { ...wish, ...written, ...loop, ...(await readers.measured()) }
}

function writePoints(order: WriteOrder): Promise<Record<string, number>> {
  const args = ['--import', 'tsx', fileOf('write-points.ts'), JSON.stringify(order)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`the writer ended with ${code}`)),
    )
  })
}

/** @returns once they subscribe: what tells them that points come, and what gives what they have measured, in the end */
async function startReaders(order: SubscribeOrder) {
  const child = fork(fileOf('subscribe.ts'), { execArgv: ['--import', 'tsx'] })
  await once(child, 'message')
  child.send(order)
  await once(child, 'message')
  const measured = once(child, 'message')
  return {
    begin: () => child.send('begin'),
    measured: async () => (await measured)[0] as object,
  }
}

async function waitForSubscribers({ metricsUrl }: Scene, count: number): Promise<void> {
  for (;;) {
    const text = await (await fetch(metricsUrl)).text()
    if (Number(/^studyhall_subscribers (\d+)/m.exec(text)?.[1]) >= count) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function readLoopDelay({ metricsUrl }: Scene) {
  const text = await (await fetch(metricsUrl)).text()
  const seconds = (name: string) =>
    Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)`, 'm').exec(text)?.[1])
  const cpu = Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1])
  return {
    serverCpuSeconds: cpu,
    loopDelayP99Ms: 1000 * seconds('p99'),
    loopDelayMaxMs: 1000 * seconds('max'),
  }
}
