import { z } from 'zod'
import { findUnreadable } from './text.ts'

/** Code units that one character may have before it is composed: NFC takes quadratic time over a long run of marks. */
const UNCOMPOSED_LENGTH = 4

/** A name that people read: NFC, trimmed, without what cannot be seen. */
export function nameUpTo(maxLength: number) {
  const tooLong = `a name has at most ${maxLength} characters`
  return z
    .string()
    .max(maxLength * UNCOMPOSED_LENGTH, tooLong)
    .transform((name) => name.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(1, 'a name has at least one character')
        .max(maxLength, tooLong)
        .refine((name) => findUnreadable(name) === null, {
          error: ({ input }) => findUnreadable(String(input)) ?? '',
        }),
    )
}
