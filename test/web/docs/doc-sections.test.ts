import { describe, expect, it } from 'vitest'
import { hrefOf } from '../../../web/features/docs/doc-pages.ts'
import { anchorOf, searchSections, sectionsOf } from '../../../web/features/docs/doc-sections.ts'

const TEXT = `# Operations

For whoever runs it.

## Backup and \`restore\`

\`\`\`sh
## no heading
npm run backup -- DIR
\`\`\`

## What [may](x.md) change?

Backups are of one moment.
`
const sections = sectionsOf(TEXT, { slug: 'operations', title: 'Operations' })

describe('a page of the documentation', () => {
  it('has a part for each heading, with an address of its own', () => {
    expect(sections.map(({ heading, href }) => [heading, href])).toEqual([
      ['Operations', '/docs/operations'],
      ['Backup and restore', '/docs/operations#backup-and-restore'],
      ['What may change?', '/docs/operations#what-may-change'],
    ])
    expect(anchorOf('Who asks, and how?')).toBe('who-asks-and-how')
  })

  it('is found by words of its headings first, then of its text, and only where all are there', () => {
    const found = (text: string) => searchSections(sections, text).map(({ heading }) => heading)
    expect(found('BACKUP')).toEqual(['Backup and restore', 'What may change?'])
    expect(found('backup moment')).toEqual(['What may change?'])
    expect(found('backup tomorrow')).toEqual([])
    expect(found('  ')).toEqual([])
  })

  it('leads to pages of the site, to other sites, and nowhere else', () => {
    const of = (href: string) => hrefOf(href, 'docs/api/README.md')
    expect(of('mutations.md')).toBe('/docs/api/mutations')
    expect(of('../../CHANGELOG.md')).toBe('/docs/changelog')
    expect(of('../webhooks.md#signatures')).toBe('/docs/webhooks#signatures')
    expect(of('https://tus.io')).toBe('https://tus.io')
    expect(of('#errors')).toBe('#errors')
    expect(of('../../schema.graphql')).toBeNull()
  })
})
