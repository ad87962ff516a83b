/** One line for each thing the machine lacks, and how to get it; empty when nothing is missing. */
export function findMissing(options?: { path?: string; nodeVersion?: string }): string[]
/** The program's path in PATH, or undefined. */
export function findProgram(name: string, path?: string): string | undefined
