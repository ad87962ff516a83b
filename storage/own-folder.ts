import { chmod, mkdir } from 'node:fs/promises'

/** What is kept is its user's alone, whatever the umask says, and however it was left by an earlier version. */
export const OWN_FOLDER_MODE = 0o700
export const OWN_FILE_MODE = 0o600

/** Makes a folder into which nobody else may look. One that is another user's, who lets us in, stays as it is. */
export async function openOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: OWN_FOLDER_MODE })
  await chmod(folder, OWN_FOLDER_MODE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error
  })
}
