/** The part of a file that was asked for: all of it, some bytes (both ends included), or one that it does not have. */
export type ByteRange =
  | { kind: 'WHOLE' }
  | { kind: 'PART'; start: number; end: number }
  | { kind: 'UNSATISFIABLE' }

/**
 * Reads a Range header (RFC 9110, section 14). One range is served; several are refused rather than answered in
 * parts, for nobody needs them and they make a small request cost much. A header that is no range is passed over.
 */
export function parseByteRange(header: string | undefined, byteLength: number): ByteRange {
  if (header === undefined || !/^bytes=/i.test(header)) return { kind: 'WHOLE' }
  if (header.includes(',')) return { kind: 'UNSATISFIABLE' }
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return { kind: 'WHOLE' }
  if (first === '') return suffixRange(Number(last), byteLength)
  const start = Number(first)
  if (last !== '' && Number(last) < start) return { kind: 'WHOLE' }
  if (start >= byteLength) return { kind: 'UNSATISFIABLE' }
  return { kind: 'PART', start, end: last === '' ? byteLength - 1 : Math.min(Number(last), byteLength - 1) }
}

function suffixRange(length: number, byteLength: number): ByteRange {
  if (length === 0 || byteLength === 0) return { kind: 'UNSATISFIABLE' }
  return { kind: 'PART', start: Math.max(0, byteLength - length), end: byteLength - 1 }
}
