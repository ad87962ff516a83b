const LINE_BREAKS = /[\p{Cc}\u2028\u2029]+/gu
/** CommonMark (section 2.4) lets each of these be itself behind a backslash. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g
/** Of what GFM makes a link though its punctuation is escaped; in code it makes none. */
const LIKE_A_LINK = /www\.|:\/\/|@/i

/** A text that others wrote, as it is typed: no link, no image, no HTML and no other cell of a table. */
export function escapeMarkdown(text: string): string {
  const line = text.replace(LINE_BREAKS, ' ')
  return LIKE_A_LINK.test(line) ? toCode(line) : line.replace(PUNCTUATION, '\\$&')
}

/** Between more backticks than stand anywhere in it. */
function toCode(line: string): string {
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence} ${line} ${fence}`
}
