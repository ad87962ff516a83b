/**
 * A code as its program shows it, of whatever somebody typed or a link brought: the API goes by its letters alone, and
 * nothing else of a link is to stand in the page as if the page said it.
 */
export function shownCode(text: string): string {
  const letters = text
    .slice(0, 64)
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
  return letters.replace(/^(.{4})(?=.)/, '$1-')
}
