import { z } from 'zod'
import { findUnreadable } from './text.ts'

/**
 * Maximum code units per character before composition, because NFC takes quadratic time on long runs of
 * marks.
 */
const UNCOMPOSED_LENGTH = 4

/** A display name: NFC, trimmed, without invisible characters. */
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
