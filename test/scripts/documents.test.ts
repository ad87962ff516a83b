import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

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
function operationsOfReadme(): string[] {
  const bodies = readFileSync('README.md', 'utf8').matchAll(/-d '(\{.*\})'/g)
  return [...bodies].map(([, body]) => (JSON.parse(body!) as { query: string }).query)
}

const programs = readdirSync('scripts', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.join('scripts', name))
const documents: [string, string][] = [
  ...programs.flatMap((file) => operationsOf(file).map((text): [string, string] => [file, text])),
  ...operationsOfReadme().map((text): [string, string] => ['README.md', text]),
]

describe('what a script or the README asks of the API', () => {
  it('is found in all of them', () => {
    const files = new Set(documents.map(([file]) => file))
    for (const file of ['demo/own-team.ts', 'seed/ensure-run.ts', 'bench/live/measure-queue.ts'])
      expect(files).toContain(path.join('scripts', file))
    expect(files).toContain('README.md')
  })

  it.each(documents)('%s: %s', (_, text) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([])
  })
})
