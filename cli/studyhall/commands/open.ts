import { spawn } from 'node:child_process'
import { pageUrl } from '../api/open-team.ts'
import type { Register } from './context.ts'
import { findRun } from './find.ts'

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

export const registerOpen: Register = (program, { open, surroundings }) => {
  program
    .command('open')
    .description('opens the team’s page, or a run’s, in the browser')
    .argument('[run]', 'number, id, or latest')
    .option('--print', 'print the address and open nothing')
    .action(async (text: string | undefined, { print }: { print?: boolean }) => {
      const client = await open()
      const url = pageUrl(client, text && `/runs/${(await findRun(client, text)).number}`)
      surroundings.print(`${url}\n`)
      if (!print) openInBrowser(url)
    })
}

/** Where there is no browser the address has been printed. */
export function openInBrowser(url: string): void {
  const [command = 'xdg-open', ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
