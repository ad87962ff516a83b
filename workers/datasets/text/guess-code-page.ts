import { CODE_PAGES, type CodePageName, decodeAs } from './code-pages.ts'
import { scoreWord } from './score-word.ts'

/** So many are looked at: a few names tell as much as all. */
const MAX_SAMPLES = 2_000

/**
 * The code page in which the texts are likeliest to be words.
 * @param samples  none of them UTF-8
 */
export function guessCodePage(samples: readonly Uint8Array[]): CodePageName {
  const looked = samples.slice(0, MAX_SAMPLES)
  let best: { name: CodePageName; score: number } = { name: 'windows-1252', score: Number.NEGATIVE_INFINITY }
  for (const name of Object.keys(CODE_PAGES) as CodePageName[]) {
    const score = scoreAs(name, looked)
    if (score > best.score) best = { name, score }
  }
  return best.name
}

const NOT_ASCII = /[^\0-\x7f]/

/** At most 1: what an average character that is not ASCII speaks for. */
function scoreAs(name: CodePageName, samples: readonly Uint8Array[]): number {
  let sum = 0
  let count = 0
  for (const bytes of samples) {
    const text = decodeAs(name, bytes)
    if (text === undefined) return Number.NEGATIVE_INFINITY
    for (const [word] of text.matchAll(/[\p{L}\p{M}]+|[^\0-\x7f]/gu)) {
      // Asked afterwards: a pattern that asks for it amid letters takes quadratic time over a long ASCII word.
      if (!NOT_ASCII.test(word)) continue
      const scores = scoreWord(word, name)
      sum += scores.reduce((total, score) => total + score, 0)
      count += scores.length
    }
  }
  return count === 0 ? Number.NEGATIVE_INFINITY : sum / count
}
