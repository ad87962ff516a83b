import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'

/** How the folders of this process's trainings begin: by machine and process, so that abandoned ones can be told. */
export function scratchPrefix(): string {
  return `training-${hostname()}-${process.pid}-`
}

const FOLDER = /^training-(.+)-(\d+)-[^-]+$/

/** Removes the folders of trainings whose worker on this machine is gone. @returns how many */
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
