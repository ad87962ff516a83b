/** Hash of the files' names and contents and of further values; missing files count as such. */
export function hashInputs(inputs: { files?: string[]; values?: unknown[] }): string
/** Every file below a folder, sorted, absolute. */
export function listFiles(folder: string, isWanted?: (name: string, isFolder: boolean) => boolean): string[]
export function hasStamp(name: string, hash: string, folder?: string): boolean
export function writeStamp(name: string, hash: string, folder?: string): void
export function clearStamp(name: string, folder?: string): void
/** Writes beside the target and renames, so that a reader or an interruption never meets half a file. */
export function writeFileWhole(path: string, content: string, mode?: number): void
