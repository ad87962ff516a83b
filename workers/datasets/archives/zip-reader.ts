import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import type { ReadAhead } from './read-ahead.ts'

/** Gives yauzl an archive's bytes: its list of files comes in large reads, where yauzl by itself makes two for each file. */
export class ZipReader extends yauzl.RandomAccessReader {
  readonly #location: string
  readonly #ahead: ReadAhead

  constructor(location: string, ahead: ReadAhead) {
    super()
    this.#location = location
    this.#ahead = ahead
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#ahead.read(position, length).then((bytes) => callback(null, bytes.copy(buffer, offset)), callback)
  }

  /** @param end  of the first byte that is not read any more */
  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#location, { start, end: end - 1 })
  }
}
