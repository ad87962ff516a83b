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
      if (underWay.length >= concurrency) yield await underWay.shift()!
    }
    while (underWay.length > 0) yield await underWay.shift()!
  } finally {
    await Promise.allSettled(underWay)
  }
}
