/** Waits for the folder's lock and returns the function that gives it back. */
export function takeSetupLock(options: {
  signal?: AbortSignal
  onWait?: (pid: number) => void
  folder?: string
}): Promise<() => void>
