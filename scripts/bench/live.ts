/**
 * Measures what is live: points from many runs through PostgreSQL to subscribers of the page's query, a long queue, and
 * the page of a long run; and how old points are when there are too many readers, or too many points, where streams are
 * thinned. `npm run bench:live` prints one JSON line. PostgreSQL, server, writers and readers share the machine.
 * `--part stream|crowd|flood|queue|page` measures one of them alone; `--part hands`, which needs the built pages and a Chromium,
 * how long pages with many curves take to answer a click or the pointer.
 */
import { availableParallelism, cpus } from 'node:os'
import { Command } from 'commander'
import { holdDatabase } from '../start/hold-database.ts'
import { measureHands } from './live/measure-hands.ts'
import { measurePage } from './live/measure-page.ts'
import { measureQueue } from './live/measure-queue.ts'
import { measureStream } from './live/measure-stream.ts'
import { openScene } from './live/scene.ts'
import { wholeNumber } from './step/options.ts'

interface Options {
  part?: string
  runs: number
  subscribers: number
  rate: number
  seconds: number
  warmUpSeconds: number
  queued: number
  points: number
  curvePoints: number
}

/** More than two cores can send whole. */
const CROWD = { runs: 50, subscribers: 1_000 }
const FLOOD = { pointsPerSecond: 200_000 }

const options = new Command('bench:live')
  .option('--part <name>', 'stream, crowd, flood, queue, page or hands; all but hands where left out')
  .option('--runs <n>', 'runs that send points', wholeNumber, 20)
  .option('--subscribers <n>', 'readers, shared out over the runs', wholeNumber, 200)
  .option('--rate <n>', 'points a second, all runs together', wholeNumber, 50_000)
  .option('--seconds <n>', 'how long points are sent', wholeNumber, 20)
  .option('--warm-up-seconds <n>', 'how long before that, not counted in the times', wholeNumber, 3)
  .option('--queued <n>', 'runs to queue', wholeNumber, 10_000)
  .option('--points <n>', 'points of the long run', wholeNumber, 1_000_000)
  .option('--curve-points <n>', 'points of each curve on the pages that are handled', wholeNumber, 1_000)
  .parse()
  .opts<Options>()

const database = holdDatabase()
try {
  await database.ready
  const measured = { cores: availableParallelism(), processor: cpus()[0]?.model, ...(await measureAll()) }
  console.log(
    JSON.stringify(measured, (_, value) => (typeof value === 'number' ? Number(value.toFixed(2)) : value)),
  )
} finally {
  await database.release()
}

async function measureAll(): Promise<object> {
  const {
    part,
    runs,
    subscribers,
    rate: pointsPerSecond,
    seconds,
    warmUpSeconds,
    queued,
    points,
    curvePoints,
  } = options
  const wish = { runs, subscribers, pointsPerSecond, seconds, warmUpSeconds }
  const results: Record<string, object> = {}
  const parts = {
    page: () => inScene((scene) => measurePage(scene, points)),
    stream: () => inScene((scene) => measureStream(scene, wish)),
    crowd: () => inScene((scene) => measureStream(scene, { ...wish, ...CROWD })),
    flood: () => inScene((scene) => measureStream(scene, { ...wish, ...FLOOD })),
    queue: () => inScene((scene) => measureQueue(scene, queued)),
  }
  if (part === 'hands') return { hands: await measureHands(curvePoints) }
  for (const [name, measure] of Object.entries(parts))
    if (part === undefined || part === name) results[name] = await measure()
  return results
}

async function inScene(
  measure: (scene: Awaited<ReturnType<typeof openScene>>) => Promise<object>,
): Promise<object> {
  const scene = await openScene()
  return measure(scene).finally(() => scene.close())
}
