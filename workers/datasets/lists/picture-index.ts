import { basename, dirname, join } from 'node:path/posix'

/**
 * Finds the image that a list speaks of, as lists do: by its path beside the list, with or without its ending, by its
 * name alone in a folder below, or by a path of another machine. Nothing is ever opened by what a list says: it is only
 * looked up among the files that were checked.
 */
export class PictureIndex {
  readonly #paths: ReadonlySet<string>
  readonly #byName = new Map<string, string[]>()

  constructor(paths: readonly string[]) {
    this.#paths = new Set(paths)
    for (const path of paths)
      for (const name of new Set([basename(path), stemOf(basename(path))])) {
        const known = this.#byName.get(name)
        if (known) known.push(path)
        else this.#byName.set(name, [path])
      }
  }

  /** @param prefers  says of several of the same name which is likelier */
  find(written: string, list: string, prefers: (path: string) => boolean): string | undefined {
    const name = written.normalize('NFC').replaceAll('\\', '/').trim()
    if (name === '') return undefined
    const folder = dirname(list)
    const beside = join(folder, name)
    if (this.#paths.has(beside)) return beside
    const alike = this.#byName.get(basename(name)) ?? []
    const stem = alike.find((path) => stemOf(path) === beside)
    return stem ?? this.#pick(alike, name, folder, prefers)
  }

  /** Folders that a list names must be there, but for those above that are another machine's. */
  #pick(
    alike: readonly string[],
    name: string,
    folder: string,
    prefers: (path: string) => boolean,
  ): string | undefined {
    const parts = name.split('/').filter((part) => part !== '' && part !== '.')
    if (parts.includes('..')) return undefined
    for (let start = 0; start < Math.max(1, parts.length - 1); start++) {
      const end = `/${parts.slice(start).join('/')}`
      const found = alike.filter((path) => `/${path}`.endsWith(end) || `/${stemOf(path)}`.endsWith(end))
      const below = found.filter((path) => folder === '.' || path.startsWith(`${folder}/`))
      const [only, second] = below.length > 0 ? below : found
      if (second === undefined && only !== undefined) return only
      const preferred = found.filter(prefers)
      if (preferred.length === 1) return preferred[0]
    }
    return undefined
  }
}

function stemOf(path: string): string {
  return path.replace(/\.[A-Za-z]{2,5}$/, '')
}
