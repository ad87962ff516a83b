import type { Report } from './import-report-panel.tsx'

/** Saves the files that an import left out or passed over, as `what,file,why`. */
export function saveReportCsv(name: string, { leftOut, ignored }: Report): void {
  const rows = [
    ['what', 'file', 'why'],
    ...leftOut.map(({ path, reason }) => ['left out', path, reason]),
    ...ignored.map(({ path, reason }) => ['not a picture', path, reason]),
  ]
  const text = rows.map((row) => row.map(csvField).join(',')).join('\r\n')
  const url = URL.createObjectURL(new Blob([`${text}\r\n`], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(url)
}

/** Quoted, and with a `'` before what a spreadsheet would take for a formula: names come from whoever made the archive. */
export function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
