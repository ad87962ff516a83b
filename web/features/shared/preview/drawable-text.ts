/** The bundled font has Latin letters; for any other character the renderer would ask a server on the internet for one. */
const UNDRAWABLE = /[^\u0020-\u024f\u2010-\u2026\u2212\u00d7]/gu

/** A text as a preview can draw it: shortened, and without the characters that its font has not. */
export function drawableText(text: string, mostCharacters: number): string {
  const drawable = text.replace(UNDRAWABLE, ' ').replace(/ {2,}/g, ' ').trim()
  return drawable.length > mostCharacters ? `${drawable.slice(0, mostCharacters - 1).trimEnd()}…` : drawable
}
