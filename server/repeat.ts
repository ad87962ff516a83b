import { AsyncLocalStorage } from 'node:async_hooks'

/** Work that is done again and again. */
export interface Repeated {
  /** Has it done now; once more where it is under way, since what there is to do may have come meanwhile. */
  wake(): void
  /** Ends it, and waits for what is under way. */
  close(): Promise<void>
}

/**
 * Does some work now, every `everyMs` and whenever it is woken, and never twice at once, however long it takes. It is
 * everybody's: nothing of the request in which it is woken follows it.
 * @param work  is told by its argument whether it is to end early
 * @param onError  what it threw; it is done again at its time
 */
export function repeat(
  everyMs: number,
  work: (isClosed: () => boolean) => Promise<unknown>,
  onError: (error: unknown) => void,
): Repeated {
  let running: Promise<void> | null = null
  let isWoken = false
  let isClosed = false
  const asBegun = AsyncLocalStorage.snapshot()
  const workOff = async () => {
    while (isWoken && !isClosed) {
      isWoken = false
      await work(() => isClosed)
    }
  }
  const wake = () => {
    if (isClosed) return
    isWoken = true
    running ??= asBegun(() => workOff().catch(onError)).finally(() => {
      running = null
    })
  }
  const timer = setInterval(wake, everyMs)
  wake()
  return {
    wake,
    async close() {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}

/** The same for what nobody wakes. @returns what ends it, without waiting for what is under way */
export function repeatQuietly(...[everyMs, work, onError]: Parameters<typeof repeat>): () => void {
  const { close } = repeat(everyMs, work, onError)
  return () => void close()
}
