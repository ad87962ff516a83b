/** Tars as no packer writes them, header by header. */
import { gzipSync } from 'node:zlib'

export interface CraftedTarEntry {
  name: string
  content?: Buffer
  /** As in the header: '0' a file, '1' a hard link, '2' a symbolic one, '3' a device, '5' a folder, 'S' sparse, 'x' pax. */
  type?: string
  linkName?: string
  /** What the header claims, where it is not the truth. */
  claimedSize?: number
  /** Written as it is where the size is no octal number. */
  rawSize?: Buffer
  wrongChecksum?: boolean
}

const BLOCK = 512

export function craftTar(entries: CraftedTarEntry[], { ends = true } = {}): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = entry.content ?? Buffer.alloc(0)
    return [header(entry, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(ends ? 2 * BLOCK : 0)])
}

/** A record of a pax header, with its own length before it. */
export function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + String(rest).length
  if (rest + String(length).length !== length) length++
  return Buffer.from(`${length} ${key}=${value}\n`)
}

export function paxed(records: Buffer, entry: CraftedTarEntry): CraftedTarEntry[] {
  return [{ name: 'PaxHeader/x', type: 'x', content: records }, entry]
}

export function tarGz(entries: Record<string, Buffer | string>): Buffer {
  return gzipSync(
    craftTar(Object.entries(entries).map(([name, content]) => ({ name, content: Buffer.from(content) }))),
  )
}

function header(entry: CraftedTarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  block.write(entry.name, 0, 100)
  block.write('0000644\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  block.write(`${(entry.claimedSize ?? size).toString(8).padStart(11, '0')}\0`, 124)
  entry.rawSize?.copy(block, 124)
  block.write('00000000000\0', 136)
  block.write('        ', 148)
  block.write(entry.type ?? '0', 156)
  block.write(entry.linkName ?? '', 157, 100)
  block.write('ustar\u000000', 257)
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${(entry.wrongChecksum ? sum + 1 : sum).toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
