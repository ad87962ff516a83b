// The browser for the tests: an installed one, else Debian's package if this user may install it.
import { existsSync } from 'node:fs'
import { findProgram } from '../check-machine.mjs'
import { runCommand, SetupError } from '../run-command.mjs'
import { chosenChromium } from '../settings.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The path of the Chromium to use, or undefined. */
export function findChromium() {
  if (chosenChromium) return existsSync(chosenChromium) ? chosenChromium : undefined
  return ['/usr/bin/chromium', ...NAMES.map((name) => findProgram(name))].find(
    (path) => path && existsSync(path),
  )
}

export const installChromium = {
  name: 'chromium',
  title: 'Chromium for the tests',
  isCurrent: () => findChromium() !== undefined,
  async run({ signal, tell }) {
    if (chosenChromium)
      throw new SetupError(`STUDYHALL_CHROMIUM is ${chosenChromium}, and there is no such file.`)
    if (process.getuid() !== 0 || !findProgram('apt-get'))
      throw new SetupError(
        'The tests need Chromium: apt-get install chromium (Debian/Ubuntu), dnf install chromium (Fedora), brew install --cask chromium (macOS), or STUDYHALL_CHROMIUM=<path>.',
      )
    const options = { log: 'chromium', signal, env: { DEBIAN_FRONTEND: 'noninteractive' } }
    tell('apt-get update')
    await runCommand('apt-get', ['update'], options)
    tell('apt-get install')
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options)
  },
}
