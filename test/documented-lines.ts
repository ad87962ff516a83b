import { readFileSync } from 'node:fs'
import { DOC_PAGES } from '../web/features/docs/doc-pages.ts'

const OTHERS = [
  'README.md',
  'CONTRIBUTING.md',
  'cli/studyhall/README.md',
  'clients/python/README.md',
  'docs/debugging.md',
  'docs/licences.md',
  'experiments/paper/README.md',
]

export interface DocumentedLine {
  file: string
  /** As it stands there, without its comment. */
  line: string
  /** Of `npm run`, the script; else the first word. */
  program: string
  args: string
}

/** Written from the schema: test/server/graphql/api-docs.test.ts sends every one. */
const GENERATED = 'docs/api/mutations.md'

/** Every line of a shell that the documentation has, those of the pages first, in their order. */
export function documentedLines(): DocumentedLine[] {
  const files = [...DOC_PAGES.map(({ file }) => file), ...OTHERS].filter((file) => file !== GENERATED)
  return files.flatMap((file) => linesOf(readFileSync(file, 'utf8')).map((line) => readLine(file, line)))
}

function linesOf(text: string): string[] {
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block)
  const joined = blocks.map((block) => block.replace(/\\\n\s*/g, ''))
  const lines = joined.flatMap((block) => block.split('\n'))
  return lines.map((line) => line.replace(/\s+#\s.*$/, '').trim()).filter((line) => line !== '')
}

function readLine(file: string, line: string): DocumentedLine {
  const [, script, rest = ''] = /^npm run (?:--silent )?([\w:-]+)(?: -- (.*))?/.exec(line) ?? []
  if (script) return { file, line, program: script, args: rest }
  const [program = '', ...words] = line.split(' ')
  if (program === 'npm') return { file, line, program: `npm ${words[0]}`, args: words.slice(1).join(' ') }
  return { file, line, program, args: words.join(' ') }
}
