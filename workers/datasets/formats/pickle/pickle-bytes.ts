import { PickleError, type PickleSource } from '../../../pickle/pickle-source.ts'
import type { Spool } from '../../archives/spool.ts'

const MAX_LINE_BYTES = 100
/** Of a string of protocol 0, which is a line: CIFAR's largest, every byte escaped. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024
const READ_BYTES = 64 * 1024

/** A string that is too long for memory: where it lies. */
export interface FarBytes {
  start: number
  length: number
}

/** Goes through a file byte by byte, with a window of it in memory. */
export class PickleBytes implements PickleSource {
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

  /** As many bytes as a number of 8 bytes says. */
  takeLength(): number {
    const length = this.take(8).readBigUInt64LE()
    if (length > BigInt(this.#spool.byteLength)) throw new PickleError('it ends too early')
    return Number(length)
  }

  read({ start, length }: FarBytes): Buffer {
    if (length > MAX_TEXT_BYTES) throw new PickleError('a text in it is too long')
    return this.#spool.readNow(start, length)
  }

  /** The line that begins here, without its end: where it lies. */
  longLine(): FarBytes {
    const start = this.position
    for (let at = start; at - start <= MAX_TEXT_BYTES; at += READ_BYTES) {
      const bytes = this.#spool.readNow(at, READ_BYTES)
      const end = bytes.indexOf(0x0a)
      if (end >= 0) {
        this.position = at + end + 1
        return { start, length: at + end - start }
      }
      if (bytes.length < READ_BYTES) throw new PickleError('it ends too early')
    }
    throw new PickleError('a text in it is too long')
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
