'use client'

import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { type DocSection, searchSections } from './doc-sections.ts'

/** Looks through all pages in the browser; what it looks through is loaded when it is first wanted. */
export function DocsSearch() {
  const [text, setText] = useState('')
  const [sections, setSections] = useState<DocSection[] | null>(null)
  const asked = useRef(false)
  const load = () => {
    if (asked.current) return
    asked.current = true
    fetch('/docs/search')
      .then((answer) => answer.json())
      .then(setSections)
      .catch(() => {
        asked.current = false
      })
  }
  const found = sections ? searchSections(sections, text) : []
  const isSearching = text.trim() !== ''
  return (
    <search className="mb-4 block">
      <TextInput
        label="Search the documentation"
        value={text}
        onFocus={load}
        onChange={({ currentTarget }) => {
          load()
          setText(currentTarget.value)
        }}
        leftSection={<IconSearch size={16} />}
      />
      {isSearching && (
        <ul className="mt-2 mb-0 list-none p-0" aria-label="Found">
          {found.map(({ page, heading, href }) => (
            <li key={href}>
              <a href={href} className="block rounded-md px-2 py-1.5 text-sm hover:bg-[var(--hover)]">
                {page === heading ? page : `${page}: ${heading}`}
              </a>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className="m-0 text-sm text-[var(--mantine-color-dimmed)]">
        {isSearching && sections && found.length === 0 && 'Nothing has all of these words.'}
        {isSearching && !sections && 'Loading…'}
      </p>
    </search>
  )
}
