const KEY = 'studyhall.unfinished-uploads'

interface Unfinished {
  uploadId: string
  url: string
}

/** Uploads that broke off, by team, purpose and the file they were of: the same file dropped again goes on where it stopped. */
export function findUnfinished(scope: string, file: File): Unfinished | undefined {
  return readAll()[fingerprint(scope, file)]
}

export function rememberUnfinished(scope: string, file: File, unfinished: Unfinished): void {
  writeAll({ ...readAll(), [fingerprint(scope, file)]: unfinished })
}

export function forgetUnfinished(scope: string, file: File): void {
  const { [fingerprint(scope, file)]: _, ...others } = readAll()
  writeAll(others)
}

function fingerprint(scope: string, { name, size, lastModified }: File): string {
  return [scope, name, size, lastModified].join('|')
}

function readAll(): Record<string, Unfinished> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, Unfinished>
  } catch {
    return {}
  }
}

function writeAll(all: Record<string, Unfinished>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all))
  } catch {
    // Without storage (a private window) an upload begins anew after a reload; nothing else is lost.
  }
}
