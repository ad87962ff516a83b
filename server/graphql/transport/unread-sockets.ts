import type { WebSocket } from 'ws'

export interface Patience {
  lookEveryMs: number
  /** A reader who has taken nothing for so long, while something waits, is gone or does not want it. */
  unreadMs: number
}

/**
 * Ends sockets whose reader takes nothing. Each of their streams holds a page of events and one answer: a few thousand
 * that nobody reads would fill the memory. Whoever comes back goes on by sequence number. @returns what ends the watching
 */
export function endUnread(sockets: ReadonlySet<WebSocket>, { lookEveryMs, unreadMs }: Patience): () => void {
  const waiting = new WeakMap<WebSocket, { bytes: number; sinceMs: number }>()
  const look = () => {
    const now = performance.now()
    for (const socket of sockets) {
      const bytes = socket.bufferedAmount
      const before = waiting.get(socket)
      if (bytes === 0) waiting.delete(socket)
      // Less than before: some was taken.
      else if (!before || bytes < before.bytes) waiting.set(socket, { bytes, sinceMs: now })
      else if (now - before.sinceMs >= unreadMs) socket.terminate()
      else before.bytes = bytes
    }
  }
  const timer = setInterval(look, lookEveryMs)
  return () => clearInterval(timer)
}
