/** What stands under /docs, in the order of its menu: each is one file of the repository. */
export const DOC_PAGES = [
  { slug: 'getting-started', title: 'Getting started', file: 'docs/guide/getting-started.md' },
  { slug: 'concepts', title: 'Concepts', file: 'docs/guide/concepts.md' },
  { slug: 'recipes', title: 'Recipes', file: 'docs/guide/recipes.md' },
  { slug: 'data-formats', title: 'Data formats', file: 'docs/guide/data-formats.md' },
  { slug: 'exports', title: 'Exports', file: 'docs/guide/exports.md' },
  { slug: 'api', title: 'API', file: 'docs/api/README.md' },
  { slug: 'api/mutations', title: 'API: mutations', file: 'docs/api/mutations.md' },
  { slug: 'api/reference', title: 'API: types', file: 'docs/api/reference.md' },
  { slug: 'mcp', title: 'Agents (MCP)', file: 'docs/mcp.md' },
  { slug: 'webhooks', title: 'Webhooks', file: 'docs/webhooks.md' },
  { slug: 'operations', title: 'Operations', file: 'docs/guide/operations.md' },
  { slug: 'troubleshooting', title: 'Troubleshooting', file: 'docs/guide/troubleshooting.md' },
  { slug: 'changelog', title: 'Changes', file: 'CHANGELOG.md' },
] as const

export type DocPage = (typeof DOC_PAGES)[number]

/** Where a link of a file leads on the site: to the page of another file; null where that has none. */
export function hrefOf(href: string, file: string): string | null {
  if (/^(https?:|\/|#)/.test(href)) return href
  const { pathname, hash } = new URL(href, `file:///${file}`)
  const page = DOC_PAGES.find((each) => `/${each.file}` === pathname)
  return page ? `/docs/${page.slug}${hash}` : null
}
