import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { runOrThrow } from './run-or-throw.ts'

/** What `.dockerignore` leaves out: names from the top, and endings anywhere. */
export function readIgnored(text: string): (name: string) => boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const endings = lines.filter((line) => line.startsWith('**/*')).map((line) => line.slice('**/*'.length))
  const names = lines.filter((line) => !line.startsWith('**/*'))
  const strange = names.filter((line) => /[*?!#]/.test(line))
  if (strange.length > 0) throw new Error(`.dockerignore: “${strange[0]}” is not understood.`)
  return (name) =>
    names.some((each) => name === each || name.startsWith(`${each}/`)) ||
    endings.some((ending) => name.endsWith(ending))
}

/** COPY of files of the context, `a b folder/` or `folder folder`. */
export function copyFromContext(context: string, root: string, workdir: string, text: string): void {
  const words = text.trim().split(/\s+/)
  const to = words.at(-1) ?? ''
  const isIgnored = readIgnored(readFileSync(path.join(context, '.dockerignore'), 'utf8'))
  const target = path.join(root, path.resolve(workdir, to))
  for (const name of words.slice(0, -1)) {
    const from = path.join(context, name)
    const isFolder = statSync(from).isDirectory()
    const into = isFolder || !to.endsWith('/') ? target : path.join(target, path.basename(name))
    mkdirSync(path.dirname(into), { recursive: true })
    cpSync(from, into, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !isIgnored(path.relative(context, file)),
    })
  }
}

/** COPY of what an earlier stage has made, `--from=build --chown=root:root /app /app`. */
export async function copyFromStage(from: string, root: string, text: string): Promise<void> {
  const words = text.trim().split(/\s+/)
  const owner = words.find((word) => word.startsWith('--chown='))?.slice('--chown='.length)
  const [source = '', target = ''] = words.filter((word) => !word.startsWith('--'))
  const into = path.join(root, target)
  mkdirSync(into, { recursive: true })
  await runOrThrow('cp', ['-a', '--reflink=auto', `${path.join(from, source)}/.`, into])
  if (owner) await runOrThrow('chown', ['-R', owner, into])
}
