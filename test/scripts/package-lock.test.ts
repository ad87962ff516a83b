import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Entry {
  version?: string
  license?: string
  dev?: boolean
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as {
  packages: Record<string, Entry>
}

/** As Node looks modules up: beside the package, then in each folder above. */
function isLocked(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

describe('package-lock.json', () => {
  it('holds the optional packages of every platform, without which npm ci of npm 11 refuses it', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    )
    expect(missing).toEqual([])
  })

  it('names no registry', () => {
    expect(JSON.stringify(packages)).not.toContain('"resolved"')
  })
})

describe('docs/licences.md', () => {
  const text = readFileSync(new URL('../../docs/licences.md', import.meta.url), 'utf8')
  const free = new Set(/no more than their notice: ([^.]+(?:\.\d[^.]*)*)\./.exec(text)?.[1]?.split(', '))
  const rows = [...text.matchAll(/^\| `(\S+)` \| ([^|]+) \|/gm)].map(([, name, licence]) => ({
    pattern: new RegExp(`^${String(name).replace(/[.]/g, '[.]').replaceAll('*', '.*')}$`),
    licence: String(licence),
  }))
  const others = Object.entries(packages).flatMap(([path, { license = 'none named', dev }]) =>
    path === '' || dev || free.has(license) ? [] : [{ name: path.replace(/^.*node_modules\//, ''), license }],
  )

  it('has a line for every package that asks for more than its notice, or does not say', () => {
    expect(free.size).toBeGreaterThan(5)
    const missing = others.filter(
      ({ name, license }) => !rows.some(({ pattern, licence }) => pattern.test(name) && licence === license),
    )
    expect(missing).toEqual([])
  })

  it('has none for a package that is not there', () => {
    const gone = rows.filter(({ pattern }) => !others.some(({ name }) => pattern.test(name)))
    expect(gone).toEqual([])
  })
})
