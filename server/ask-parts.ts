import type { Services } from './services.ts'

const ANSWER_TIMEOUT_MS = 2_000
/** A hash that no blob has: whether it is there can be asked of any storage that answers. */
const NO_BLOB = '0'.repeat(64)

export const PARTS = ['database', 'queue', 'storage'] as const
export type Part = (typeof PARTS)[number]

export type Asked = Pick<Services, 'database' | 'queues' | 'storage'>

/** Whether something that the server needs answers in time. */
export async function askPart({ database, queues, storage }: Asked, part: Part): Promise<boolean> {
  const ask: Record<Part, () => Promise<unknown>> = {
    database: () => database.$queryRaw`SELECT 1`,
    queue: () => queues.countWaiting({ name: 'import-dataset' }),
    storage: () => storage.has(NO_BLOB),
  }
  const answered = Promise.resolve()
    .then(ask[part])
    .then(() => true)
  return (await withinMs(answered)) ?? false
}

/** What comes of work that is to take a moment; null where it takes longer, or fails. */
export async function withinMs<Result>(
  work: Promise<Result>,
  timeoutMs = ANSWER_TIMEOUT_MS,
): Promise<Result | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, null)
  })
  return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer))
}
