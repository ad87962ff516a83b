import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../cli/studyhall/commands/run-command.ts'
import { Cohort } from '../../contract/cohort.ts'
import { createTools } from '../../server/mcp/tools/index.ts'
import { DOC_PAGES, hrefOf } from '../../web/features/docs/doc-pages.ts'
import { anchorOf, sectionsOf } from '../../web/features/docs/doc-sections.ts'
import { firstLines } from '../../web/features/welcome/first-lines.ts'

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
const OPERATION = /^\s*((query|mutation|subscription)\b|\{\s)[\s\S]*\}\s*$/

/** Every text of a program that reads as an operation. */
function operationsOf(file: string): string[] {
  const found: string[] = []
  const look = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node) && OPERATION.test(node.text)) found.push(node.text)
    ts.forEachChild(node, look)
  }
  look(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest))
  return found
}

/** What README's example sends. */
const operationsOfReadme = () => operationsOfCurl(readFileSync('README.md', 'utf8'))

function operationsOfCurl(text: string): string[] {
  const bodies = text.matchAll(/(?:-d|--data) '(\{.*\})'/g)
  return [...bodies].map(([, body]) => (JSON.parse(body!) as { query: string }).query)
}

const LANDING = 'the landing page'
const landing = firstLines('https://studyhall.example')
const programs = readdirSync('scripts', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.join('scripts', name))
const documents: [string, string][] = [
  ...programs.flatMap((file) => operationsOf(file).map((text): [string, string] => [file, text])),
  ...operationsOfReadme().map((text): [string, string] => ['README.md', text]),
  ...landing.flatMap(({ code }) => operationsOfCurl(code).map((text): [string, string] => [LANDING, text])),
]

describe('what a script or the README asks of the API', () => {
  it('is found in all of them', () => {
    const files = new Set(documents.map(([file]) => file))
    for (const file of ['demo/own-team.ts', 'seed/ensure-run.ts', 'bench/live/measure-queue.ts'])
      expect(files).toContain(path.join('scripts', file))
    expect(files).toContain('README.md')
    expect(files).toContain(LANDING)
  })

  it.each(documents)('%s: %s', (_, text) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([])
  })
})

describe('the documentation', () => {
  const pages = DOC_PAGES.map((page) => ({ ...page, text: readFileSync(page.file, 'utf8') }))
  const scripts = Object.keys(
    (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts,
  )
  const others = ['README.md', 'CONTRIBUTING.md', 'cli/studyhall/README.md', 'docs/debugging.md']
  const commanded = [
    ...pages,
    ...others.map((file) => ({ file, text: readFileSync(file, 'utf8') })),
    ...landing.map(({ label, code }) => ({ file: `${LANDING}, ${label},`, text: code })),
  ]

  it.each(commanded)('$file names commands of package.json alone', ({ text }) => {
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z:-]+)/g)].map(([, name]) => name)
    expect(named.filter((name) => !scripts.includes(name ?? ''))).toEqual([])
  })

  it.each(commanded)(
    '$file names commands of studyhall that there are, with options that they have',
    async ({ text }) => {
      const lines = [...text.matchAll(/^(?:npm run --silent studyhall -- |studyhall )(.+)$/gm)]
      for (const [, line = ''] of lines) {
        const words = line
          .replace(/[<#].*$/, '')
          .trim()
          .split(/\s+/)
        const path = words.slice(0, 2).filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('-'))
        const help = await helpOf(path)
        for (const option of words.filter((word) => /^--[a-z]/.test(word)))
          expect([line, help]).toEqual([line, expect.stringContaining(option)])
      }
    },
  )

  it.each(pages)('$file leads to pages and parts that there are', ({ text, file }) => {
    for (const [, href = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const [path = '', anchor] = (hrefOf(href, file) ?? '').split('#')
      if (!path.startsWith('/docs/')) continue
      const page = pages.find(({ slug }) => `/docs/${slug}` === path)
      expect([href, page?.slug]).toEqual([href, path.slice('/docs/'.length)])
      const anchors = sectionsOf(page!.text, page!).map(({ heading }) => anchorOf(heading))
      if (anchor) expect(anchors).toContain(anchor)
    }
  })
})

describe('what is to be copied from the documentation', () => {
  const blocks = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) =>
      JSON.parse(text),
    )

  it('is a cohort that the contract takes, and the same in all of it', () => {
    const [cohort] = blocks('docs/guide/getting-started.md')
    const [, inReadme = ''] =
      /^`cohort.json` is `(.*?)`/m.exec(readFileSync('cli/studyhall/README.md', 'utf8')) ?? []
    expect(JSON.parse(inReadme)).toEqual(cohort)
    expect(Cohort.parse({ students: cohort.students }).students).toHaveLength(2)
  })

  it('is a server of MCP by either transport, with the tools that there are', () => {
    const [http, stdio] = blocks('docs/mcp.md').map((block) => block.mcpServers.studyhall)
    expect(http).toMatchObject({ type: 'http', headers: { Authorization: 'Bearer sh_…' } })
    expect([stdio.command, stdio.args.at(-1), Object.keys(stdio.env)]).toEqual([
      'npx',
      'mcp',
      ['STUDYHALL_URL', 'STUDYHALL_KEY'],
    ])
    const [, table = ''] = /^## Tools\n([\s\S]*?)\n\n(?!\|)/m.exec(readFileSync('docs/mcp.md', 'utf8')) ?? []
    const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    )
    expect(named.toSorted()).toEqual(Object.keys(createTools()).toSorted())
  })
})

describe('the lines of Python on the landing page', () => {
  it('call what the client has', () => {
    const client = ['client', 'runs'].map((name) =>
      readFileSync(`clients/python/studyhall/${name}.py`, 'utf8'),
    )
    const { code } = landing.find(({ label }) => label === 'Python')!
    const called = [...code.matchAll(/(?:hall|run|\))\.(\w+)\(/g)].map(([, name]) => name)
    expect(called).toEqual(['import_dataset', 'start_run', 'wait', 'download'])
    for (const name of called) expect(client.join('\n')).toMatch(new RegExp(`^    def ${name}\\(`, 'm'))
  })
})

/** What `--help` says of a command, or of its group where the second word is an argument. */
async function helpOf(path: string[]): Promise<string> {
  let said = ''
  const print = (text: string) => {
    said += text
  }
  const nobody = {
    env: {},
    tell: print,
    isTerminal: false,
    readInput: null,
    signal: new AbortController().signal,
  }
  expect([path, await runCommand([...path, '--help'], { ...nobody, print })]).toEqual([path, 0])
  expect(said).toMatch(new RegExp(`^Usage: studyhall ${path.join(' ')}`))
  return said
}
