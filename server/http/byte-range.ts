import { parse } from 'range-parser'

/** The part of a file that was asked for: all of it, some bytes (both ends included), or one that it does not have. */
export type ByteRange =
  | { kind: 'WHOLE' }
  | { kind: 'PART'; start: number; end: number }
  | { kind: 'UNSATISFIABLE' }

/** A bit of range-parser's `code`. */
const MALFORMED = 1

/**
 * Reads a Range header (RFC 9110, section 14). One range is served; several are refused rather than answered in
 * parts, for nobody needs them and they make a small request cost much. A header that is no range is passed over.
 */
export function parseByteRange(header: string | undefined, byteLength: number): ByteRange {
  const { type, code, ranges } = parse(byteLength, header ?? '')
  if (type !== 'bytes' || code & MALFORMED) return { kind: 'WHOLE' }
  const [range, ...others] = ranges
  return range && others.length === 0 ? { kind: 'PART', ...range } : { kind: 'UNSATISFIABLE' }
}
