/** Of all people. */
const AT_ONCE = 32
/** Of one person; beyond, nothing more is taken. */
const MOST_WAITING = 100

export interface Turns {
  /** @returns false where too much of this person waits */
  add(person: string, work: () => Promise<void>): boolean
  /** Drops what waits, and waits for what is under way. */
  close(): Promise<void>
}

/**
 * Does one thing after the other of each person, and people take turns: whoever names addresses that hang delays nobody
 * but themselves.
 */
export function openTurns(onError: (error: unknown) => void): Turns {
  const waiting = new Map<string, (() => Promise<void>)[]>()
  const underWay = new Map<string, Promise<void>>()
  const start = () => {
    for (const [person, works] of waiting) {
      if (underWay.size >= AT_ONCE) return
      if (underWay.has(person)) continue
      const work = works.shift()
      // Whatever else waits comes after everybody else's.
      waiting.delete(person)
      if (works.length > 0) waiting.set(person, works)
      if (work) underWay.set(person, run(person, work))
    }
  }
  const run = async (person: string, work: () => Promise<void>) => {
    await work().catch(onError)
    underWay.delete(person)
    start()
  }
  return {
    add(person, work) {
      const works = waiting.get(person) ?? []
      if (works.length >= MOST_WAITING) return false
      works.push(work)
      waiting.set(person, works)
      start()
      return true
    },
    async close() {
      waiting.clear()
      await Promise.all(underWay.values())
    },
  }
}
