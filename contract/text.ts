/** NUL, which PostgreSQL keeps in no text, and half of a surrogate pair, which is no character. */
const UNSTORABLE = /[\0\p{Cs}]/u
const ALL_UNSTORABLE = /[\0\p{Cs}]/gu

/**
 * What nobody sees in a name, and what makes it look like another: control characters, spaces without width, line
 * separators, and marks that turn the direction of what follows. Joiners stay: Persian and families of emoji have them.
 */
const UNREADABLE = /[\p{Cc}\p{Cs}\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/u
/** A name that has none of these cannot be seen. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text)
}

/** What a database takes of a text that others wrote: its beginning, and U+FFFD for what it cannot keep. */
export function toStorable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(ALL_UNSTORABLE, '\ufffd')
}

/** What is wrong with a name that people are to read, beside its length; null where nothing is. */
export function findUnreadable(name: string): string | null {
  if (UNREADABLE.test(name)) return 'a name has no control characters, and no invisible ones'
  return VISIBLE.test(name) ? null : 'a name has at least one character that can be seen'
}
