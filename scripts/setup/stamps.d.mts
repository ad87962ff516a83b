/** Writes beside the target and renames, so that a reader or an interruption never meets half a file. */
export function writeFileWhole(path: string, content: string, mode?: number): void
