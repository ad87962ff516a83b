import { chmod, mkdir } from 'node:fs/promises'

/**
 * Accessible to its owner only, whatever the umask, and also if an earlier version created it with other
 * permissions.
 */
export const OWN_FOLDER_MODE = 0o700
export const OWN_FILE_MODE = 0o600

/** Creates a folder that only its owner can access. An existing folder of another user is left as it is. */
export async function openOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: OWN_FOLDER_MODE })
  await chmod(folder, OWN_FOLDER_MODE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error
  })
}
