/** Quoted, and with a `'` before what a spreadsheet would take for a formula: names come from whoever made the archive. */
export function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
