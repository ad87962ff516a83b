export interface RunningInstance {
  pid: number
  apiUrl: string
  webUrl: string
}
/** Where `npm run dev` leaves its note: it may run beside the product. */
export const developmentFolder: string
/** The instance of this checkout that runs and answers, or undefined. */
export function findRunningInstance(folder?: string): Promise<RunningInstance | undefined>
/** Notes that this process serves this checkout. */
export function noteRunningInstance(instance: { apiUrl: string; webUrl: string }, folder?: string): void
/** Removes this process's own note, and nobody else's. */
export function forgetRunningInstance(folder?: string): void
/** Whether the address answers with success within two seconds, or as long as is said. */
export function answers(url: string, timeoutMs?: number): Promise<boolean>
/** Asks the instance of this checkout to end and waits until it has, at most 20 s; returns whether there was one. */
export function endRunningInstance(folder?: string): Promise<boolean>
