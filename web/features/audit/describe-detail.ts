/** What a row says beside its action, in one line: `role: VIEWER → ADMIN`, `format: ONNX`. */
export function describeDetail(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return ''
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${describe(value)}`)
    .join(', ')
}

function describe(value: unknown): string {
  if (isChange(value)) return `${describe(value.from)} → ${describe(value.to)}`
  if (Array.isArray(value)) return value.map(describe).join(' ')
  if (value === null) return 'none'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isChange(value: unknown): value is { from: unknown; to: unknown } {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value
}
