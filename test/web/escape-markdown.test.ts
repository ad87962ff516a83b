import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { expect, it } from 'vitest'
import { escapeMarkdown } from '../../workers/engine/exports/escape-markdown.ts'

const HOSTILE = [
  '[click](https://evil.example)',
  '![x](https://evil.example/x.png)',
  'https://evil.example/x',
  'www.evil.example',
  'ada@evil.example',
  '<https://evil.example>',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '[x]: https://evil.example',
  '**bold** _it_ ~~gone~~ `code`',
  'a | b | c',
  '# no heading',
  '- [ ] no task',
  '&lt;b&gt; &copy;',
  '\\[x\\](y)',
  '$x$ :smile: [^1]',
  '```\ncode\n```',
  '1. one\n2. two',
  'two\u2028lines',
  '***',
  '> quote',
  '`https://evil.example` and ``www.evil.example``',
]

const render = (markdown: string) =>
  renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm] }, markdown))
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')

it.each(HOSTILE)('rows 48 and 59: %j is shown as it is typed, in a sentence, a list and a table', (name) => {
  const escaped = escapeMarkdown(name)
  const typed = name.replace(/[\n\u2028]+/g, ' ')
  for (const [before, after] of [
    ['Classes: ', ', dog.'],
    ['- ', ', dog.'],
    ['# ', ''],
    ['| a | b |\n|---|---|\n| ', ' | end |'],
  ] as const) {
    const html = render(`${before}${escaped}${after}`)
    expect(html).not.toMatch(/<(a|img|script|strong|em|del|input|blockquote|pre|ol|sup)\b/)
    // What would become a link though it is escaped is shown as code, and nothing else is.
    expect(html.includes('<code>')).toBe(/www|:\/\/|@/.test(name))
    expect(textOf(html)).toContain(typed.trim())
    if (before.startsWith('|')) expect(html.match(/<td/g)).toHaveLength(2)
  }
})

it('a name of 100,000 characters takes no time', () => {
  const started = performance.now()
  for (const name of ['*'.repeat(100_000), '\n'.repeat(100_000), 'a'.repeat(100_000)]) escapeMarkdown(name)
  expect(performance.now() - started).toBeLessThan(2_000)
})
