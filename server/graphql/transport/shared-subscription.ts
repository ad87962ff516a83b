import { setImmediate } from 'node:timers/promises'
import {
  type ASTNode,
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type OperationDefinitionNode,
  print,
  subscribe,
  visit,
} from 'graphql'

/**
 * The only field whose answer depends on the event and the question alone: whether a reader may see a run's events is
 * settled when the stream begins, and nothing in them is the reader's own.
 */
const SHARED_FIELD = 'runEvents'

type Result = ReturnType<typeof execute>

/** Where events go: a stream takes the next one when its reader is ready for it. */
export interface EventReader {
  /** @returns false where it will read nothing more */
  ready(): Promise<boolean>
  /** @param payload  an answer without errors, as JSON */
  send(payload: Buffer): Promise<void>
}

/** What is subscribed to, and who reads it; without a reader answers are yielded, and sent by whoever asked for them. */
export type SharedArgs = ExecutionArgs & { reader?: EventReader }

/**
 * graphql's `subscribe`, for one server: readers who ask the same of the same event get one and the same answer, computed
 * and written as JSON once, so that the work for an event hardly grows with those who follow the run.
 */
export function createSharedSubscribe() {
  const results = new WeakMap<object, Map<string, Result>>()
  const payloads = new WeakMap<ExecutionResult, Buffer>()

  function answer(args: ExecutionArgs, question: string, event: object): Result {
    const ofEvent = results.get(event) ?? new Map<string, Result>()
    results.set(event, ofEvent)
    const result = ofEvent.get(question) ?? execute({ ...args, rootValue: event })
    ofEvent.set(question, result)
    return result
  }

  function payloadOf(result: ExecutionResult): Buffer {
    const payload = payloads.get(result) ?? Buffer.from(JSON.stringify(result))
    payloads.set(result, payload)
    return payload
  }

  return async (args: SharedArgs): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> => {
    const question = readQuestion(args)
    if (question === null)
      return (await subscribe(args)) as ExecutionResult | AsyncIterableIterator<ExecutionResult>
    const stream = await createSourceEventStream(args)
    if (!(Symbol.asyncIterator in stream)) return stream
    const answers = answerAll(
      stream as AsyncIterable<object>,
      (event) => answer(args, question, event),
      args.reader,
    )
    return args.reader ? sendAll(answers, args.reader, payloadOf) : answers
  }
}

/** What an answer depends on beside its event, as one text; null where it may depend on more. */
function readQuestion({ document, operationName, variableValues }: ExecutionArgs): string | null {
  const operation = findOperation(document, operationName)
  const [field, ...others] = operation?.selectionSet.selections ?? []
  if (!field || others.length > 0 || field.kind !== 'Field' || field.name.value !== SHARED_FIELD) return null
  const used = new Set<string>()
  const collect = (node: ASTNode) => {
    if (node.kind === 'Variable') used.add(node.name.value)
  }
  // The field's own arguments choose the events and not what is told of one.
  if (field.selectionSet) visit(field.selectionSet, { enter: collect })
  for (const directive of [...(field.directives ?? []), ...(operation?.directives ?? [])])
    visit(directive, { enter: collect })
  for (const definition of document.definitions)
    if (definition.kind === 'FragmentDefinition') visit(definition, { enter: collect })
  const variables = [...used].sort().map((name) => [name, variableValues?.[name]])
  return JSON.stringify([print(document), operationName, variables])
}

function findOperation(
  { definitions }: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | undefined {
  return definitions.find(
    (each): each is OperationDefinitionNode =>
      each.kind === 'OperationDefinition' && (!name || each.name?.value === name),
  )
}

/** An iterator and no generator: it can be ended while it waits for an event. */
function answerAll(
  stream: AsyncIterable<object>,
  answer: (event: object) => Result,
  reader: EventReader | undefined,
): Required<AsyncIterableIterator<ExecutionResult>> {
  const events = stream[Symbol.asyncIterator]()
  return {
    async next() {
      if (reader && !(await reader.ready())) return this.return()
      const { value, done } = await events.next()
      if (done) return { value: undefined, done }
      const result = await answer(value)
      // A reader that lags behind has many events at hand: between two of them everybody else gets a turn.
      await setImmediate()
      return { value: result, done: false }
    },
    async return() {
      await events.return?.()
      return { value: undefined, done: true }
    },
    async throw(error) {
      await events.throw?.(error)
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Sends answers on their way; those with errors are yielded, for whoever asked to say what of them may be told. */
function sendAll(
  answers: Required<AsyncIterableIterator<ExecutionResult>>,
  reader: EventReader,
  payloadOf: (result: ExecutionResult) => Buffer,
): AsyncIterableIterator<ExecutionResult> {
  return {
    ...answers,
    async next() {
      for (;;) {
        const answer = await answers.next()
        if (answer.done || answer.value.errors) return answer
        const payload = payloadOf(answer.value)
        // Whoever reads this takes an iterator that fails for one that has ended itself.
        if (!(await isSent(reader, payload))) return answers.return()
      }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** @returns false where it could not be: then the socket is gone */
async function isSent(reader: EventReader, payload: Buffer): Promise<boolean> {
  try {
    await reader.send(payload)
    return true
  } catch {
    return false
  }
}
