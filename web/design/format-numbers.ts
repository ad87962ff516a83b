const wholeNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** `5,000`. */
export function formatCount(value: number): string {
  return wholeNumber.format(value)
}

/** `5,000 images`, `1 image`. */
export function countOf(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`
}

/** A share from 0 to 1 as `84.2 %`; a dash if there is none. */
export function formatShare(share: number | null | undefined, digits = 1): string {
  return share == null ? '–' : `${(share * 100).toFixed(digits)} %`
}

/** About four significant digits; an exponent only for very small or large values. */
export function formatMetric(value: number | null | undefined): string {
  if (value == null) return '–'
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(2)
  return size >= 100 ? value.toFixed(1) : value.toFixed(4)
}

/** `0.27 M`, `813 k`. */
export function formatParameters(count: number): string {
  return count >= 1e5 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e3).toFixed(1)} k`
}

const LARGE_UNITS = ['', ' k', ' M', ' G', ' T']

/** `78 k`, `1.74 M`, `40.8 M`: three digits. */
export function formatLarge(count: number): string {
  const power = Math.floor(Math.log10(Math.max(1, count)) / 3)
  const unit = Math.min(LARGE_UNITS.length - 1, power)
  return unit === 0
    ? formatCount(count)
    : `${Number((count / 1000 ** unit).toPrecision(3))}${LARGE_UNITS[unit]}`
}

/** Bytes in binary units: `3.4 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const exponent = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10))
  const digits = exponent === 0 ? 0 : 1
  return `${(bytes / 1024 ** exponent).toFixed(digits)} ${units[exponent]}`
}

/** An identity as in file names: 2 is `0002`. */
export function formatIdentity(identity: number): string {
  return String(identity).padStart(4, '0')
}
