/** What a schema says of a value, “the warm-up is too long”, as a sentence beside its field. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('.') ? '' : '.'}`
}
