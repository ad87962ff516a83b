import type { WebSocket } from 'ws'
import { BEHIND_MS } from '../../live/thin-events.ts'

const ASK_EVERY_MS = 250
const OURS = 'read?'

type Socket = Pick<WebSocket, 'send' | 'ping' | 'on' | 'terminate' | 'readyState' | 'OPEN'>

/**
 * A socket whose streams go no faster than it is read. What was handed to it may lie for minutes in the buffers of two
 * machines, where nobody can thin it; so a ping is sent behind it now and then, whose answer tells that all before it was
 * read. While an answer is due for too long, streams wait, and what they wait with is thinned (live/thin-events.ts). Whoever
 * answers nothing for as long as unread-sockets.ts has patience is let go.
 */
export class PacedSocket {
  readonly #socket: Socket
  readonly #unreadMs: number
  readonly #nowMs: () => number
  #askedMs = -Infinity
  #isDue = false
  #waiting: (() => void)[] = []
  #patience: NodeJS.Timeout | undefined

  constructor(socket: Socket, unreadMs: number, nowMs: () => number = () => performance.now()) {
    this.#socket = socket
    this.#unreadMs = unreadMs
    this.#nowMs = nowMs
    // graphql-ws sends pings of its own.
    socket.on('pong', (data: Buffer) => {
      if (data.toString() === OURS) this.#goOn()
    })
    socket.on('close', () => this.#goOn())
  }

  /**
   * Resolves at once unless what was written a while ago has not been read yet; then once it has, or never will be.
   * @returns whether anything can still be sent
   */
  async ready(): Promise<boolean> {
    if (this.#isDue && this.#nowMs() - this.#askedMs >= BEHIND_MS) {
      this.#patience ??= setTimeout(() => this.#socket.terminate(), this.#unreadMs)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return this.#isOpen()
  }

  /** @returns a promise that resolves once the system has taken the text, and rejects if it does not */
  send(text: Buffer): Promise<void> {
    if (!this.#isOpen()) return Promise.resolve()
    const sent = new Promise<void>((resolve, reject) =>
      this.#socket.send(text, { binary: false }, (error) => (error ? reject(error) : resolve())),
    )
    this.#ask()
    return sent
  }

  #ask(): void {
    if (this.#isDue || this.#nowMs() - this.#askedMs < ASK_EVERY_MS) return
    this.#isDue = true
    this.#askedMs = this.#nowMs()
    this.#socket.ping(OURS)
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  #goOn(): void {
    this.#isDue = false
    clearTimeout(this.#patience)
    this.#patience = undefined
    const waiting = this.#waiting
    this.#waiting = []
    for (const goOn of waiting) goOn()
  }
}
