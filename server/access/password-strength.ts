import type { ZxcvbnFactory } from '@zxcvbn-ts/core'

export const PASSWORD_LENGTHS = { min: 10, max: 128 } as const

/** Of zxcvbn's 0 to 4: ten thousand million guesses and more. */
const LEAST_SCORE = 3
/** So many characters are looked at: it takes longer than in proportion to them, and whoever is strong by then stays so. */
const CHECKED_LENGTH = 40

let loaded: Promise<ZxcvbnFactory> | undefined

/**
 * True where a password is found by whoever tries common ones, names, dates, rows of keys and what people make of them.
 * @param known  of the person, what a guesser would try first
 */
export async function isGuessable(password: string, known: readonly string[]): Promise<boolean> {
  loaded ??= load()
  const words = known
    .flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length > 2)
  const { score } = (await loaded).check(password.slice(0, CHECKED_LENGTH), [
    'studyhall',
    ...words.slice(0, 20),
  ])
  return score < LEAST_SCORE
}

/** Its lists take some MiB and a quarter of a second: they come with the first new password. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
}
