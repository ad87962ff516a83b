import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

/** Who and where a process is in a root folder, and what it knows. */
export interface Place {
  env: Record<string, string>
  folder: string
  /** Of `/etc/passwd` in that root. */
  user: string
}

/** What Docker gives every container: whom to ask for names. */
const NETWORK = ['/etc/resolv.conf', '/etc/hosts']

/**
 * How this machine gets to Debian's, npm's and Python's packages: its sources, certificates and settings. They lie over the
 * root's own while a step of the build runs, and stay out of what is built.
 */
const REGISTRIES = [
  '/etc/apt/sources.list',
  '/etc/apt/sources.list.d',
  '/etc/apt/trusted.gpg.d',
  '/etc/pip.conf',
  ...(process.env.PIP_FIND_LINKS ? [process.env.PIP_FIND_LINKS] : []),
]
const SETTINGS =
  /^(https?_proxy|no_proxy|pip_\w+|npm_config_(registry|cafile)|ssl_cert_file|node_extra_ca_certs|requests_ca_bundle)$/i

/** Elsewhere than in a root, whose own package of certificates must be able to write its file. */
const CERTIFICATES = { here: '/etc/ssl/certs/ca-certificates.crt', there: '/mnt/certificates.crt' }

/** Mounts are this process's own, and end with it. */
const ENTER = `
set -e
root=$1; user=$2; folder=$3; binds=$4; shift 4
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while read -r from to; do [ -z "$from" ] || mount --bind -o ro "$from" "$root$to"; done <<< "$binds"
exec chroot --userspec="$user" "$root" env --chdir="$folder" -i "$@"
`

/** Starts a command in a root folder, in namespaces of its own for mounts and processes, whose end is the end of all in it. */
export function enterRoot(
  root: string,
  place: Place,
  command: string[],
  { reachesRegistries = false, stdio = 'inherit' as StdioOptions } = {},
): ChildProcess {
  const binds = new Map(NETWORK.map((file) => [file, file]))
  const env: Record<string, string> = { ...place.env }
  if (reachesRegistries) {
    for (const file of REGISTRIES) binds.set(file, file)
    binds.set(path.join(homedir(), '.npmrc'), '/root/.npmrc')
    binds.set(CERTIFICATES.here, CERTIFICATES.there)
    for (const [name, value = ''] of Object.entries(process.env))
      if (SETTINGS.test(name)) env[name] = value === CERTIFICATES.here ? CERTIFICATES.there : value
  }
  for (const [from, to] of binds)
    if (existsSync(from)) makePlace(from, path.join(root, to))
    else binds.delete(from)
  const lines = [...binds].map((pair) => pair.join(' ')).join('\n')
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const args = [root, place.user, place.folder, lines, ...variables, ...command]
  const unshare = [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=SIGTERM',
    'bash',
    '-c',
    ENTER,
    'enter-root',
    ...args,
  ]
  return spawn('unshare', unshare, { stdio })
}

/** Something to mount over. */
function makePlace(from: string, to: string): void {
  if (existsSync(to)) return
  mkdirSync(path.dirname(to), { recursive: true })
  if (statSync(from).isDirectory()) mkdirSync(to)
  else closeSync(openSync(to, 'w'))
}
