/** A text that is the same for the life of a process and differs for the next with its number; undefined if none runs. */
export function readProcessStart(pid: number): string | undefined
