import type { ReactElement, ReactNode } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { CopyCode } from './copy-code.tsx'
import { hrefOf } from './doc-pages.ts'
import { anchorOf } from './doc-sections.ts'

/** By file, as it was read last: anybody may ask, and the longest page takes most of a second to read. */
const drawn = new Map<string, { text: string; page: ReactElement }>()

/** Drawn on the server: the browser gets no Markdown and nothing that reads it. */
export function DocMarkdown({ text, file }: { text: string; file: string }): ReactElement {
  const known = drawn.get(file)
  if (known?.text === text) return known.page
  const page = ReactMarkdown({
    remarkPlugins: [remarkGfm],
    components: componentsOf(file),
    children: text,
  })
  drawn.set(file, { text, page })
  return page
}

function componentsOf(file: string): Components {
  return {
    h1: ({ children }) => <h1 className="mt-0 mb-4 text-2xl font-semibold">{children}</h1>,
    h2: ({ children }) => <Heading level="h2">{children}</Heading>,
    h3: ({ children }) => <Heading level="h3">{children}</Heading>,
    a: ({ href = '', children }) => {
      const to = hrefOf(href, file)
      return to === null ? <span>{children}</span> : <a href={to}>{children}</a>
    },
    img: ({ alt }) => <>{alt}</>,
    pre: ({ children }) => <Code>{children}</Code>,
    table: ({ children }) => (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
      <div
        className="my-4 overflow-x-auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        role="group"
        aria-label="Table"
      >
        <table>{children}</table>
      </div>
    ),
    // An empty header cell would label nothing.
    th: ({ children }) => (children ? <th scope="col">{children}</th> : <td />),
  }
}

function Heading({ level: Level, children }: { level: 'h2' | 'h3'; children: ReactNode }) {
  const id = anchorOf(textOf(children))
  return (
    <Level id={id} className="group mt-8 mb-2 scroll-mt-4 font-semibold">
      {children}{' '}
      <a href={`#${id}`} aria-label="Link to this part" className="no-underline opacity-40 hover:opacity-100">
        #
      </a>
    </Level>
  )
}

function Code({ children }: { children: ReactNode }) {
  return (
    <div className="relative my-4">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        className="m-0 overflow-x-auto rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-3 pr-12 font-mono text-xs"
      >
        {children}
      </pre>
      <CopyCode text={textOf(children)} />
    </div>
  )
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node)
  if (Array.isArray(node)) return node.map(textOf).join('')
  if (node && typeof node === 'object' && 'props' in node)
    return textOf((node as ReactElement<{ children?: ReactNode }>).props.children)
  return ''
}
