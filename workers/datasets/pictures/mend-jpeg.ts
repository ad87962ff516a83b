const [SOI, SOS, EOI, APP0, APP14] = [0xd8, 0xda, 0xd9, 0xe0, 0xee]
/** Baseline and extended sequential (ITU-T T.81, table B.1): their scans always hold all coefficients. */
const SEQUENTIAL: ReadonlySet<number | undefined> = new Set([0xc0, 0xc1])
const FRAMES: ReadonlySet<number | undefined> = new Set([0xc0, 0xc1, 0xc2])

/**
 * A JPEG whose headers say what no decoder heeds, with what they should say: then a decoder that is strict, so that it
 * refuses whatever is damaged or cut short, takes those that every viewer shows. Put right are a sequential scan's range
 * of coefficients (Samsung's cameras write 0 to 0 for 0 to 63), a JFIF version and an Adobe transform that nobody knows.
 * @returns the same bytes where nothing is to be mended
 */
export function mendJpeg(bytes: Buffer): Buffer {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return bytes
  let mended: Buffer | undefined
  let isSequential = false
  for (const { marker, start, end } of headersOf(bytes)) {
    if (FRAMES.has(marker)) isSequential = SEQUENTIAL.has(marker)
    for (const [at, value] of mendsOf(bytes, marker, start, end, isSequential)) {
      if (bytes[at] === value) continue
      mended ??= Buffer.from(bytes)
      mended[at] = value
    }
  }
  return mended ?? bytes
}

/** Where which byte should stand in a segment. */
function mendsOf(
  bytes: Buffer,
  marker: number | undefined,
  start: number,
  end: number,
  isSequential: boolean,
): [at: number, value: number][] {
  const isNamed = (name: string) => bytes.toString('latin1', start + 4, start + 4 + name.length) === name
  const isOver = (at: number, most: number) => (bytes[at] ?? 0) > most
  if (marker === SOS && isSequential)
    return [
      [end - 3, 0],
      [end - 2, 63],
      [end - 1, 0],
    ]
  if (marker === APP0 && isNamed('JFIF\0') && isOver(start + 9, 2)) return [[start + 9, 1]]
  // 0 is none, 1 YCbCr, 2 YCCK: what is beyond is read as the usual one of three colours.
  if (marker === APP14 && isNamed('Adobe') && isOver(start + 15, 2)) return [[start + 15, 1]]
  return []
}

/** The segments, those between scans too. */
function* headersOf(bytes: Buffer) {
  for (let start = 2; start + 4 <= bytes.length && bytes[start] === 0xff; ) {
    const marker = bytes[start + 1]
    if (marker === EOI) return
    const end = start + 2 + bytes.readUInt16BE(start + 2)
    if (end > bytes.length) return
    yield { marker, start, end }
    start = marker === SOS ? endOfScan(bytes, end) : end
  }
}

/** Of the next marker that is neither stuffing nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return bytes.length
}
