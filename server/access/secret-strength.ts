/** Rows that people type off: the alphabet, digits, keyboards. Read in both directions. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
]
const PAIRS_OF_ROWS = new Set(
  ROWS.flatMap((row) => [...row].slice(1).flatMap((key, i) => [`${row[i]}${key}`, `${key}${row[i]}`])),
)
/** Letters of one case and what stands between words, or digits alone. A machine's secret has more. */
const WORDS = /^([\p{Ll}\s._-]+|[\p{Lu}\s._-]+|\d+)$/u
/** In 400,000 draws of 32 random hexadecimal digits, the shortest secret that is taken, 51 bits were the fewest. */
export const LEAST_BITS = 40

/**
 * What is wrong with a secret that is to be as long as one that a machine made; null where nothing is. What it must be
 * cannot be measured: this finds the words, patterns and repetitions that people write in its place.
 */
export function findWeakness(secret: string): string | null {
  if (WORDS.test(secret)) return 'consists of words, or of digits alone'
  const bits = estimateBits(secret)
  return bits < LEAST_BITS
    ? `repeats itself, or follows a row of keys (about ${Math.floor(bits)} bits)`
    : null
}

/** Bits of its characters, each as rare as it is in the secret itself; those that follow from what is before count nothing. */
export function estimateBits(secret: string): number {
  const characters = [...secret]
  const seen = new Set<string>()
  const surprising = characters.filter((character, i) => {
    const pair = `${characters[i - 1] ?? ''}${character}`
    const three = `${characters[i - 2] ?? ''}${pair}`
    const isNew = i < 2 || !seen.has(three)
    seen.add(three)
    return isNew && character !== characters[i - 1] && !PAIRS_OF_ROWS.has(pair.toLowerCase())
  })
  return surprising.length * entropyOf(characters)
}

function entropyOf(characters: string[]): number {
  const counts = new Map<string, number>()
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1)
  const shares = [...counts.values()].map((count) => count / characters.length)
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0)
}
