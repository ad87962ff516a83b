import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'

/** Prefix of this process's scratch folders: host and process id, by which abandoned ones are recognised. */
export function scratchPrefix(): string {
  return `training-${hostname()}-${process.pid}-`
}

const FOLDER = /^training-(.+)-(\d+)-[^-]+$/

/** Removes scratch folders of this machine's workers that are gone. @returns how many */
export async function collectScratch(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const abandoned = names.filter((name) => {
    const [, host, pid] = FOLDER.exec(name) ?? []
    return host === hostname() && !isAlive(Number(pid))
  })
  for (const name of abandoned) await rm(path.join(folder, name), { recursive: true, force: true })
  return abandoned.length
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
