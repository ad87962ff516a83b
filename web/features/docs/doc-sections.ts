/** A part of a page, for the search. */
export interface DocSection {
  /** Of the page, and of the part in it. */
  page: string
  heading: string
  href: string
  text: string
}

/** `What may change` is `what-may-change`, as GitHub has it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

/** A page's parts, each from its heading to the next. */
export function sectionsOf(markdown: string, { slug, title }: { slug: string; title: string }): DocSection[] {
  const sections: DocSection[] = []
  let isCode = false
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    const heading = isCode ? null : /^(#{1,4}) (.+)$/.exec(line)
    if (heading) {
      const name = plain(heading[2] ?? '')
      const anchor = heading[1] === '#' ? '' : `#${anchorOf(name)}`
      sections.push({ page: title, heading: name, href: `/docs/${slug}${anchor}`, text: '' })
    } else {
      const current = sections.at(-1)
      if (current) current.text += `${plain(line)} `
    }
  }
  return sections
}

/** Without the signs of Markdown. */
function plain(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*|]/g, '')
}

const MOST_FOUND = 8

/** Parts that have every word, those with all of them in the heading first. */
export function searchSections(sections: readonly DocSection[], text: string): DocSection[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const scored = sections.map((section) => ({ section, score: scoreOf(section, words) }))
  const found = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score)
  return found.slice(0, MOST_FOUND).map(({ section }) => section)
}

function scoreOf({ page, heading, text }: DocSection, words: readonly string[]): number {
  const title = `${page} ${heading}`.toLowerCase()
  const body = text.toLowerCase()
  let score = 0
  for (const word of words) {
    if (title.includes(word)) score += 10
    else if (body.includes(word)) score += 1
    else return 0
  }
  return score
}
