/** Numbers and strings as the oldest protocol writes them: in words. */
import { PickleError } from '../../../pickle/pickle-source.ts'

/** `12`, and `00` and `01`, which are false and true. */
export function readInteger(line: string): number | boolean {
  if (line === '00' || line === '01') return line === '01'
  const number = Number(line)
  if (!/^-?\d+$/.test(line) || !Number.isSafeInteger(number))
    throw new PickleError('a number in it is none that can be read')
  return number
}

export function readIndex(line: string): number {
  const index = readInteger(line)
  if (typeof index !== 'number' || index < 0) throw new PickleError('a reference in it is no number')
  return index
}

/** A whole number in two's complement, the lowest byte first; 6 bytes at most. */
export function readLong(bytes: Buffer): number {
  if (bytes.length > 6) throw new PickleError('a number in it is too large')
  return bytes.length === 0 ? 0 : bytes.readIntLE(0, bytes.length)
}

/** @throws PickleError where a character is no byte */
export function latin1Of(text: string): Buffer {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every byte is a character of Latin-1
  if (/[^\u0000-\u00ff]/.test(text)) throw new PickleError('a text in it has characters that are no bytes')
  return Buffer.from(text, 'latin1')
}

const ESCAPES: Record<string, number> = {
  ...{ '\\': 0x5c, "'": 0x27, '"': 0x22, a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 },
}

/** Python's `repr` of a string of bytes, in its quotation marks. */
export function decodeString(line: Buffer): Buffer {
  const quote = line[0]
  const isQuoted = line.length >= 2 && (quote === 0x22 || quote === 0x27) && line.at(-1) === quote
  if (!isQuoted) throw new PickleError('a string in it is not quoted')
  return unescaped(line.subarray(1, -1), (letter, text, at) => {
    if (letter === 'x') return { byte: hexAt(text, at + 2, 2), length: 4 }
    const byte = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
    return byte === undefined ? undefined : { byte, length: 2 }
  })
}

/** `raw-unicode-escape`: Latin-1, with `\u0100` for what is not; only characters that are bytes are taken. */
export function decodeUnicode(line: Buffer): Buffer {
  return unescaped(line, (letter, text, at) =>
    letter === 'u' ? { byte: hexAt(text, at + 2, 4), length: 6 } : { byte: 0x5c, length: 1 },
  )
}

interface Escape {
  byte: number
  length: number
}

function unescaped(
  text: Buffer,
  read: (letter: string, text: Buffer, at: number) => Escape | undefined,
): Buffer {
  const bytes = Buffer.allocUnsafe(text.length)
  let written = 0
  for (let at = 0; at < text.length; ) {
    const found =
      text[at] === 0x5c
        ? read(String.fromCharCode(text[at + 1] ?? 0), text, at)
        : { byte: text[at] ?? 0, length: 1 }
    if (!found || Number.isNaN(found.byte) || found.byte > 0xff)
      throw new PickleError('a string in it has an escape that is no byte')
    bytes[written++] = found.byte
    at += found.length
  }
  return bytes.subarray(0, written)
}

function hexAt(text: Buffer, start: number, length: number): number {
  const digits = text.toString('latin1', start, start + length)
  return /^[0-9a-f]+$/i.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.NaN
}
