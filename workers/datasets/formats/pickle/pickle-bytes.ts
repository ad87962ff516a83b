import type { Spool } from '../../archives/spool.ts'

const MAX_LINE_BYTES = 100

/** A string that is too long for memory: where it lies. */
export interface FarBytes {
  start: number
  length: number
}

/** What is wrong with a pickle, as a sentence about it. */
export class PickleError extends Error {}

/** Goes through a file byte by byte, with a window of it in memory. */
export class PickleBytes {
  readonly #spool: Spool
  #window: Buffer = Buffer.alloc(0)
  #windowStart = 0
  position = 0

  constructor(spool: Spool) {
    this.#spool = spool
  }

  take(length: number): Buffer {
    const offset = this.position - this.#windowStart
    if (offset < 0 || offset + length > this.#window.length) {
      this.#window = this.#spool.readNow(this.position, Math.max(length, 64 * 1024))
      this.#windowStart = this.position
      if (this.#window.length < length) throw new PickleError('it ends too early')
    }
    const bytes = this.#window.subarray(
      this.position - this.#windowStart,
      this.position - this.#windowStart + length,
    )
    this.position += length
    return bytes
  }

  takeByte(): number {
    return this.take(1).readUInt8()
  }

  skip(length: number): FarBytes {
    const far = { start: this.position, length }
    if (this.position + length > this.#spool.byteLength) throw new PickleError('it ends too early')
    this.position += length
    return far
  }

  line(): string {
    let text = ''
    for (;;) {
      const byte = this.takeByte()
      if (byte === 0x0a) return text
      text += String.fromCharCode(byte)
      if (text.length > MAX_LINE_BYTES) throw new PickleError('a name in it is too long')
    }
  }
}
