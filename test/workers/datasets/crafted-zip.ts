/** Zips as no packer writes them, byte by byte. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface CraftedEntry {
  name: string | Buffer
  content?: Buffer
  deflate?: boolean
  /** Unix mode in the external attributes. */
  mode?: number
  /** General purpose bits besides UTF-8. */
  flags?: number
  /** Without the bit that says UTF-8. */
  unmarked?: boolean
  /** The system that made it: 3 is Unix, 0 MS-DOS. */
  system?: number
  method?: number
  /** What the list claims, where it is not the truth. */
  claimedSize?: number
  claimedCrc?: number
  /** Point the list at the bytes of the entry before. */
  sameBytesAsPrevious?: boolean
}

const UTF8 = 0x800

export function craftZip(entries: CraftedEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  let previousOffset = 0
  for (const entry of entries) {
    const { local, central, at } = craftEntry(entry, entry.sameBytesAsPrevious ? previousOffset : offset)
    if (!entry.sameBytesAsPrevious) {
      parts.push(local)
      offset += local.length
    }
    previousOffset = at
    directory.push(central)
  }
  const list = Buffer.concat(directory)
  return Buffer.concat([...parts, list, craftEnd(entries.length, list.length, offset)])
}

/** The end of the list; in zip64's form where there are more entries than the old form can count. */
function craftEnd(count: number, listBytes: number, listOffset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, 0xffff), 8)
  end.writeUInt16LE(Math.min(count, 0xffff), 10)
  end.writeUInt32LE(listBytes, 12)
  end.writeUInt32LE(listOffset, 16)
  if (count < 0xffff) return end
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(listBytes), 40)
  record.writeBigUInt64LE(BigInt(listOffset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(listOffset + listBytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator, end])
}

function craftEntry(entry: CraftedEntry, at: number): { local: Buffer; central: Buffer; at: number } {
  const name = Buffer.from(entry.name)
  const content = entry.content ?? Buffer.from('content')
  const packed = entry.deflate ? deflateRawSync(content) : content
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE((entry.unmarked ? 0 : UTF8) | (entry.flags ?? 0), 2)
  common.writeUInt16LE(entry.method ?? (entry.deflate ? 8 : 0), 4)
  common.writeUInt32LE(entry.claimedCrc ?? crc32(content), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(entry.claimedSize ?? content.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, name, packed])
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(((entry.system ?? 3) << 8) | 20, 4)
  common.copy(central, 6)
  central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38)
  central.writeUInt32LE(at, 42)
  return { local, central: Buffer.concat([central, name]), at }
}
