import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Whatever reads what others wrote: rooms of the product, not of the ways to build and measure it. */
const ROOMS = [
  'contract',
  'logging',
  'runs',
  'prisma',
  'storage',
  'server',
  'workers',
  'web/front',
  'web/features',
  'web/design',
  'web/charts',
  'web/forms',
]
const LENGTH = 100_000
const MOST_MS = 10
const SAMPLES = 5
/** The shortest first: what is exponential is found before it takes seconds. */
const EXPONENTIAL_LENGTHS = [8, 14, 18, 20, 22, 24, 26, 28]
const root = fileURLToPath(new URL('../..', import.meta.url))

function sourcesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : sourcesIn(file)
    return /\.tsx?$/.test(entry.name) ? [file] : []
  })
}

/** Every pattern that stands in a file. */
function patternsIn(file: string): { place: string; pattern: RegExp }[] {
  const text = readFileSync(path.join(root, file), 'utf8')
  if (!text.includes('/')) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: { place: string; pattern: RegExp }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, body = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? []
      const { line } = source.getLineAndCharacterOfPosition(node.pos)
      found.push({ place: `${file}:${line + 1} ${node.text}`, pattern: new RegExp(body, flags) })
    }
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

/** What makes a pattern begin again and again: each of its own characters, and pairs of them, a hundred thousand times. */
function hostileTo({ source }: RegExp, length = LENGTH): string[] {
  const usual = ['a', '0', ' ', '\n']
  const own = [...new Set(source.replace(/\\[a-zA-Z]/g, ''))].filter(
    (character) => !/[()[\]|?+*^${}]/.test(character),
  )
  const words = source.match(/[\w ]{3,}/g) ?? []
  const units = [...new Set([...usual, ...own.slice(0, 8), ...words.slice(0, 3)])]
  return units.flatMap((unit) => {
    const long = unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
    return [`${long}\u0000`, `!${long}`]
  })
}

/** Texts that a pattern matches: what it repeats comes into play behind the words that it begins with. None where it looks around. */
function matchesOf(pattern: RegExp): string[] {
  try {
    const flags = pattern.flags.replace(/[^su]/g, '')
    const texts = fc.stringMatching(new RegExp(pattern.source, flags), { size: '-1' })
    return fc.sample(texts, { numRuns: SAMPLES, seed: 1 }).map((text) => text.slice(0, 60))
  } catch {
    return []
  }
}

/** What makes it begin again and again inside a match: each of its characters said over and over. */
function hostileInside(pattern: RegExp): string[] {
  const heads = matchesOf(pattern).flatMap((text) =>
    Array.from(text, (unit, i) => ({ head: text.slice(0, i), unit })),
  )
  const texts = EXPONENTIAL_LENGTHS.flatMap((length) =>
    heads.map(({ head, unit }) => `${head}${unit.repeat(length)}\u0000`),
  )
  return [...new Set(texts)]
}

/**
 * With every character the steps double, at least: that shows in texts so short that anything else is done at once. Only a
 * group that is repeated can do it.
 */
function isExponential(pattern: RegExp): boolean {
  return (
    /\)[*+{]/.test(pattern.source) &&
    hostileInside(pattern).some((text) => leastMs(pattern, text, MOST_MS) > MOST_MS)
  )
}

/** The quickest of four, or the first that is quick enough: what else the machine does at the moment is not asked. */
function leastMs(pattern: RegExp, text: string, enoughMs: number): number {
  const search = new RegExp(pattern.source, pattern.flags.replace('g', ''))
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 4 && least > enoughMs; tries++) {
    const started = performance.now()
    search.exec(text)
    least = Math.min(least, performance.now() - started)
  }
  return least
}

/** More than 10 ms, and not because the machine is slow: an eighth of the text takes much less than an eighth of the time. */
function isSlow(pattern: RegExp, text: string): boolean {
  const whole = leastMs(pattern, text, MOST_MS)
  return whole > MOST_MS && whole > 32 * leastMs(pattern, text.slice(0, text.length / 8), 0)
}

const isSlowOverAny = (pattern: RegExp, length?: number) =>
  hostileTo(pattern, length).some((text) => isSlow(pattern, text))

describe('rows 43 and 51: every pattern of the product', () => {
  const patterns = ROOMS.flatMap(sourcesIn).flatMap(patternsIn)

  it('is found', () => expect(patterns.length).toBeGreaterThan(100))

  it.each(patterns.map(({ place, pattern }) => [place, pattern] as const))(
    'takes at most 10 ms over 100,000 hostile characters: %s',
    (_, pattern) => expect(isSlowOverAny(pattern)).toBe(false),
  )
})

describe('every pattern of the product, behind what it begins with,', () => {
  const patterns = ROOMS.flatMap(sourcesIn).flatMap(patternsIn)

  it('takes no exponential time', () => {
    expect(patterns.filter(({ pattern }) => isExponential(pattern)).map(({ place }) => place)).toEqual([])
  })
})

it('one that takes exponential time behind words that no repeated character says would be found', () => {
  expect(isExponential(/^\{'shape': \(((?:\d{1,15},? ?)*)\)\}$/)).toBe(true)
  expect(isExponential(/^name=(?:\w+\s?)*;$/)).toBe(true)
  expect(isExponential(/^name=\w+(?:\s\w+)*;$/)).toBe(false)
})

it('one that takes quadratic time would be found', () => {
  expect(isSlowOverAny(/\s+$/, 30_000)).toBe(true)
  expect(isSlowOverAny(/ Did you mean .*?\?/g, 30_000)).toBe(true)
})
