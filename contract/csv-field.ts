/**
 * Quotes a field and prefixes `'` to what a spreadsheet would evaluate as a formula: names come from uploaded
 * archives and cannot be trusted.
 */
export function csvField(text: string): string {
  const escaped = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${escaped.replaceAll('"', '""')}"`
}
