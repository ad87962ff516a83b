import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const NOT_OURS = ['.git', '.studyhall', 'node_modules', 'downloads']
const IS_MADE = /(^|\/)(generated|node_modules|\.next)\//
const top = readdirSync('.', { withFileTypes: true }).filter(({ name }) => !NOT_OURS.includes(name))
const folders = top.filter((entry) => entry.isDirectory()).map(({ name }) => name)
const files = [
  ...top.filter((entry) => entry.isFile()).map(({ name }) => name),
  ...folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  ),
].filter((name) => !name.includes('/.next/'))
const here = new Set(files.flatMap((name) => [name, path.dirname(name)]))
const endings = new Set([...here].flatMap(endingsOf))

const documents = files.filter((name) => name.endsWith('.md'))
const programs = files.filter((name) => /\.(tsx?|mts|mjs|cjs)$/.test(name) && !IS_MADE.test(name))
/** Whose comments are not told apart: only names that begin with one of our folders are looked for. */
const settings = files.filter(
  (name) =>
    /\.(sql|prisma|graphql|ya?ml|css|py)$|^(package\.json|Dockerfile|\.env\.example|\.ci\/run)$/.test(name) &&
    !IS_MADE.test(name),
)

const ROOTED = new RegExp(
  `(?<![\\w./<{$@:-])(?:${folders.filter((name) => !name.startsWith('.')).join('|')})(?:/[\\w.-]+)+\\.(?:tsx?|mts|mjs|cjs|sql|prisma|graphql|md|json|ya?ml|css|py)\\b`,
  'g',
)
/** A program, perhaps by its last folders and name alone. What is written with a placeholder names none. */
const NAMED = /(?<![\w/.<{$@*-])[\w-][\w./-]*\.(?:tsx?|mjs|cjs|sql|prisma|graphql|md)\b(?![\w/*<{-])/g
const COMMENT = /^\s*(?:\/\/|\/?\*).*|\s\/\/ .*/

/** `a/b/c`, `b/c` and `c`. */
function endingsOf(name: string): string[] {
  const parts = name.split(path.sep)
  return parts.map((_, i) => parts.slice(i).join('/'))
}

const read = (name: string) => readFileSync(name, 'utf8')
const commentsOf = (name: string) =>
  read(name)
    .split('\n')
    .flatMap((line) => COMMENT.exec(line)?.[0] ?? [])
    .join('\n')
const find = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([all, part]) => part ?? all)
const isHere = (from: string, name: string) =>
  here.has(path.normalize(name)) || here.has(path.join(path.dirname(from), name)) || endings.has(name)

/** As GitHub makes them of headings. */
const anchorsOf = (document: string) =>
  find(read(document), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

function isLinked(from: string, link: string): boolean {
  const [name = '', anchor] = link.split('#')
  const target = name === '' ? from : path.join(path.dirname(from), name)
  return (
    here.has(path.normalize(target).replace(/\/$/, '')) && (!anchor || anchorsOf(target).includes(anchor))
  )
}

/** What stands between backticks and lies in one of our folders, up to its first placeholder. */
function pathsOf(document: string): string[] {
  const quoted = find(read(document).replace(/^```[\s\S]*?^```$/gm, ''), /`([^`\s]+)`/g)
  return quoted
    .filter((text) => folders.includes(text.split('/')[0]!) && text.includes('/'))
    .map((text) => text.replace(/\/[^/]*[<*…{].*$/, '').replace(/\/$/, ''))
    .filter((text) => !IS_MADE.test(`${text}/`))
}

describe('documents and comments', () => {
  it('link to files and headings that exist', () => {
    const missing = documents.flatMap((from) =>
      find(read(from), /\]\((?!https?:|mailto:)([^)\s]+)\)/g)
        .filter((link) => !isLinked(from, link))
        .map((link) => `${from}: ${link}`),
    )
    expect(missing).toEqual([])
  })

  it('name files and folders that exist, in a document', () => {
    const missing = documents.flatMap((from) =>
      [...pathsOf(from), ...find(read(from), ROOTED)]
        .filter((name) => !isHere(from, name))
        .map((name) => `${from}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('name files that exist, in a comment or a setting', () => {
    const missing = [
      ...programs.flatMap((from) => find(commentsOf(from), NAMED).map((name) => [from, name] as const)),
      ...settings.flatMap((from) => find(read(from), ROOTED).map((name) => [from, name] as const)),
    ]
      .filter(([from, name]) => !isHere(from, name))
      .map(([from, name]) => `${from}: ${name}`)
    expect(missing).toEqual([])
  })

  it('name a test by its number for every row of the table of attacks', () => {
    const rows = find(read('docs/attacks.md'), /^\| ([\d, ]+) \|.*$/gm)
    expect(rows.length).toBeGreaterThan(30)
    const missing = find(read('docs/attacks.md'), /^\| \d[\d, ]* \|.*$/gm).flatMap((row) => {
      const tests = find(row, /`(test\/[^`]+)`/g)
        .map(read)
        .join('\n')
      const [numbers = ''] = find(row, /^\| ([\d, ]+) \|/g)
      return numbers
        .split(', ')
        .filter((number) => !new RegExp(`'rows? (\\d+(, | and ))*${number}\\b`).test(tests))
    })
    expect(missing).toEqual([])
  })

  it('refer to sections that the README has', () => {
    const headings = find(read('README.md'), /^#+ (.+)$/gm)
    const missing = programs.flatMap((from) =>
      find(commentsOf(from), /README(?:\.md)?, ["“]([^"”]+)["”]/g)
        .filter((heading) => !headings.includes(heading))
        .map((heading) => `${from}: ${heading}`),
    )
    expect(missing).toEqual([])
  })

  it('tell of commands that npm has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const missing = [...documents, ...programs, ...settings].flatMap((from) =>
      find(read(from), /npm run ([a-z][\w:-]*)/g)
        .filter((script) => !(script in scripts))
        .map((script) => `${from}: npm run ${script}`),
    )
    expect(missing).toEqual([])
  })
})
