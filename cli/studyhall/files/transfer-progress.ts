const MOST_LINES_APART_MS = 5_000
const REDRAWN_EVERY_MS = 100
const MIB = 1024 ** 2

export interface TransferProgress {
  moved(bytes: number): void
  end(): void
}

/** Says how much has been sent or received, how fast, and for how long still; on a terminal in one line. */
export function showTransfer(
  what: string,
  totalBytes: number,
  { tell, isTerminal }: { tell: (text: string) => void; isTerminal: boolean },
): TransferProgress {
  const startedAt = performance.now()
  let firstBytes: number | undefined
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    moved(bytes) {
      firstBytes ??= bytes
      const now = performance.now()
      if (now - toldAt < (isTerminal ? REDRAWN_EVERY_MS : MOST_LINES_APART_MS) && bytes < totalBytes) return
      toldAt = now
      const line = describeTransfer(bytes, totalBytes, (bytes - firstBytes) / ((now - startedAt) / 1000))
      tell(isTerminal ? `\r\x1b[2K  ${what} ${line}` : `  ${what} ${line}\n`)
    },
    end: () => isTerminal && tell('\r\x1b[2K'),
  }
}

/** `31.2 of 124.0 MiB, 25 %, 12.4 MiB/s, 8 s left`; without a rate nothing is said of the time left. */
export function describeTransfer(bytes: number, totalBytes: number, bytesPerSecond: number): string {
  const share = totalBytes === 0 ? 100 : Math.floor((100 * bytes) / totalBytes)
  const parts = [`${mebibytes(bytes)} of ${mebibytes(totalBytes)} MiB`, `${share} %`]
  if (Number.isFinite(bytesPerSecond) && bytesPerSecond > 0) {
    parts.push(
      `${mebibytes(bytesPerSecond)} MiB/s`,
      `${describeSeconds((totalBytes - bytes) / bytesPerSecond)} left`,
    )
  }
  return parts.join(', ')
}

export function describeSeconds(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(1)
}
