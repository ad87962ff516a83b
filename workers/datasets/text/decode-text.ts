/** Text files as people's programs write them: in Unicode with or without a mark, or in an encoding of old. */
import type { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { CODE_PAGES, type CodePageName } from './code-pages.ts'
import { guessCodePage } from './guess-code-page.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | CodePageName

const MAX_SAMPLES = 2_000
const MAX_SAMPLE_BYTES = 4_096

/** The encoding of a text, which is read to its end. */
export async function findEncoding(bytes: Readable): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const samples: Buffer[] = []
  let rest: Buffer | undefined
  let isUtf8 = true
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const utf16 = rest === undefined ? findUtf16(chunk) : undefined
    if (utf16) return utf16
    isUtf8 &&= isDecoded(decoder, chunk)
    rest = takeSamples(Buffer.concat([rest ?? Buffer.alloc(0), chunk]), samples)
  }
  if (rest) takeSamples(Buffer.concat([rest, Buffer.from('\n')]), samples)
  return isUtf8 && isDecoded(decoder) ? 'utf-8' : guessCodePage(samples)
}

/** By its mark, or by the zeros that every second byte of Western text then is. */
function findUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const start = head.subarray(0, 64)
  const zeros = (parity: number) => start.filter((byte, i) => byte === 0 && i % 2 === parity).length
  const [even, odd] = [zeros(0), zeros(1)]
  if (odd > start.length / 4 && even === 0) return 'utf-16le'
  return even > start.length / 4 && odd === 0 ? 'utf-16be' : undefined
}

function isDecoded(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined })
    return true
  } catch {
    return false
  }
}

/** Keeps the whole lines that are not plain ASCII. @returns what follows the last of them */
function takeSamples(bytes: Buffer, samples: Buffer[]): Buffer {
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const line = bytes.subarray(start, end)
    start = end + 1
    const isTelling = line.length <= MAX_SAMPLE_BYTES && line.some((byte) => byte > 127)
    if (isTelling && samples.length < MAX_SAMPLES) samples.push(Buffer.from(line))
  }
  return bytes.subarray(start).length > MAX_SAMPLE_BYTES
    ? Buffer.alloc(0)
    : Buffer.from(bytes.subarray(start))
}

/** The text, without the mark of its encoding; what cannot be decoded becomes U+FFFD. */
export async function* decodeText(bytes: Readable, encoding: Encoding): AsyncGenerator<string> {
  const decoder =
    encoding in CODE_PAGES ? CODE_PAGES[encoding as CodePageName].decoder(false) : new TextDecoder(encoding)
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true })
    if (text) yield text
  }
  const end = decoder.decode()
  if (end) yield end
}
