/** Whether the embedded server of this folder (default: .studyhall) runs. */
export function findRunningPostgres(options?: { folder?: string }): { pid: number; port: number } | undefined
/** Starts the embedded server, making it first where there is none; returns whether this call started it. */
export function startPostgres(options?: {
  folder?: string
  signal?: AbortSignal
  tell?: (text: string) => void
}): Promise<boolean>
/** Stops the embedded server if it runs; returns whether it ran. */
export function stopPostgres(options?: { folder?: string; signal?: AbortSignal }): Promise<boolean>
/** Stops it unless somebody else is connected or `npm run setup` asked for it to stay; returns whether it was stopped. */
export function stopPostgresIfUnused(options?: { folder?: string }): Promise<boolean>
