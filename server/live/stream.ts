/**
 * Wraps an async generator in an iterator that can be ended while it waits. (A generator's own `return` waits
 * for the pending `next`, which may take until the next event.)
 * @param start  starts the generator, which must end soon after its signal is aborted
 * @param guard  called with a function that ends the stream with an error; returns a function that stops the
 * guard
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
