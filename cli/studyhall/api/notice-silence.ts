import type { ClientOptions } from 'graphql-ws'
import type { WebSocket } from 'ws'

/** Between two pings, and for an answer. */
const SILENCE_MS = 10_000

/**
 * Pings the server and breaks the connection over which it does not answer: one that vanished without closing its sockets
 * would be waited for without end.
 */
export function noticeSilence(): Pick<ClientOptions, 'keepAlive' | 'on'> {
  let socket: WebSocket | undefined
  let timer: NodeJS.Timeout | undefined
  const heard = () => clearTimeout(timer)
  const expectAnswer = () => {
    heard()
    timer = setTimeout(() => socket?.terminate(), SILENCE_MS)
  }
  return {
    keepAlive: SILENCE_MS,
    on: {
      opened: (opened) => {
        socket = opened as WebSocket
        expectAnswer()
      },
      connected: heard,
      ping: (isReceived) => {
        if (!isReceived) expectAnswer()
      },
      pong: heard,
      closed: heard,
    },
  }
}
