/** NUL, which PostgreSQL cannot store in text, and unpaired surrogates, which are not characters. */
const UNSTORABLE = /[\0\p{Cs}]/u
const ALL_UNSTORABLE = /[\0\p{Cs}]/gu

/**
 * Characters that are invisible or make a name look like another: control characters, zero-width spaces, line
 * separators, and direction marks. Joiners are allowed, because Persian and emoji sequences need them.
 */
const UNREADABLE = /[\p{Cc}\p{Cs}\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/u
/** A name without any of these is invisible. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text)
}

/** Makes external text storable: truncates it, and replaces what the database cannot store by U+FFFD. */
export function toStorable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(ALL_UNSTORABLE, '\ufffd')
}

/** What is wrong with a display name, apart from its length; null if nothing. */
export function findUnreadable(name: string): string | null {
  if (UNREADABLE.test(name)) return 'a name has no control characters, and no invisible ones'
  return VISIBLE.test(name) ? null : 'a name has at least one character that can be seen'
}
