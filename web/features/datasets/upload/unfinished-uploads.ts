const KEY = 'studyhall.unfinished-uploads'

interface Unfinished {
  uploadId: string
  url: string
}

/** Uploads that broke off, by the file they were of: the same file dropped again goes on where it stopped. */
export function findUnfinished(teamId: string, file: File): Unfinished | undefined {
  return readAll()[fingerprint(teamId, file)]
}

export function rememberUnfinished(teamId: string, file: File, unfinished: Unfinished): void {
  writeAll({ ...readAll(), [fingerprint(teamId, file)]: unfinished })
}

export function forgetUnfinished(teamId: string, file: File): void {
  const { [fingerprint(teamId, file)]: _, ...others } = readAll()
  writeAll(others)
}

function fingerprint(teamId: string, { name, size, lastModified }: File): string {
  return [teamId, name, size, lastModified].join('|')
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
