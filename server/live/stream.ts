/**
 * An async generator as an iterator that can be ended while it waits. (A generator's own `return` waits for the
 * `next` under way, which may take as long as the next event.)
 * @param start  begins the generator; it ends soon after its signal is aborted
 * @param guard  called with a function that breaks the stream with an error; returns what ends the guarding
 */
export function toStream<Item>(
  start: (signal: AbortSignal) => AsyncGenerator<Item>,
  guard: (breakOff: (error: Error) => void) => () => void,
): AsyncIterableIterator<Item> {
  const controller = new AbortController()
  let broken: Error | null = null
  const generator = start(controller.signal)
  const unguard = guard((error) => {
    broken = error
    controller.abort()
  })
  const finish = async (): Promise<IteratorResult<Item>> => {
    unguard()
    controller.abort()
    await generator.return(undefined)
    return { value: undefined, done: true }
  }
  return {
    async next() {
      try {
        const result = await generator.next()
        if (broken) throw broken
        if (result.done) unguard()
        return result
      } catch (error) {
        await finish()
        throw error
      }
    },
    return: finish,
    async throw(error) {
      await finish()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
