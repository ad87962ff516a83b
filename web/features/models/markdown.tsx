'use client'

import { Code, Table, Text, Title } from '@mantine/core'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'

/** Headings start one level below the panel's, tables scroll horizontally, and HTML is shown as text. */
const components: Components = {
  h1: ({ children }) => (
    <Title order={3} mb="xs">
      {children}
    </Title>
  ),
  h2: ({ children }) => (
    <Title order={4} mt="lg" mb="xs" size="md">
      {children}
    </Title>
  ),
  p: ({ children }) => (
    <Text size="sm" my="xs">
      {children}
    </Text>
  ),
  li: ({ children }) => <li className="my-1 text-sm">{children}</li>,
  // A card is made by the product and names nothing elsewhere: what looks like it was written by whoever named a class.
  a: ({ children }) => <>{children}</>,
  img: ({ alt }) => <>{alt}</>,
  pre: ({ children }) => (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      className="my-2 max-h-80 overflow-auto rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-3 font-mono text-xs"
    >
      {children}
    </pre>
  ),
  code: ({ children, className }) => (className ? <code>{children}</code> : <Code>{children}</Code>),
  table: ({ children }) => (
    // A group rather than a region: a card has several tables, and landmarks need distinct names.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      className="relative overflow-x-auto"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      role="group"
      aria-label="Table of the card"
    >
      <Table verticalSpacing={6} horizontalSpacing="sm" w="auto" className="numbers">
        {children}
      </Table>
    </div>
  ),
  thead: ({ children }) => <Table.Thead>{children}</Table.Thead>,
  tbody: ({ children }) => <Table.Tbody>{children}</Table.Tbody>,
  tr: ({ children }) => <Table.Tr>{children}</Table.Tr>,
  // An empty header cell would label nothing.
  th: ({ children }) => (children ? <Table.Th>{children}</Table.Th> : <Table.Td />),
  td: ({ children }) => <Table.Td>{children}</Table.Td>,
}

export function Markdown({ text }: { text: string }) {
  return (
    <div className="min-w-0 break-words">
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  )
}
