/**
 * Works on several items at a time and yields the results in the items' order. No more than `concurrency` results are held.
 * An error ends it, once the work under way has ended.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = []
  try {
    for (const item of items) {
      const result = work(item)
      // Awaited in its turn; should it fail before that, it is no unhandled rejection.
      result.catch(() => {})
      underWay.push(result)
      const oldest = underWay.length >= concurrency ? underWay.shift() : undefined
      if (oldest) yield await oldest
    }
    for (let oldest = underWay.shift(); oldest; oldest = underWay.shift()) yield await oldest
  } finally {
    await Promise.allSettled(underWay)
  }
}
