import { ApolloArmor } from '@escape.tech/graphql-armor'
import {
  BREAK,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Lexer,
  NoSchemaIntrospectionCustomRule,
  parse,
  Source,
  specifiedRules,
  TokenKind,
  type ValidationRule,
  validate,
  visit,
} from 'graphql'
import { costLimitRule, MAX_COST } from './cost-limit.ts'

/**
 * Tokens of one document, the longest of the web's own has some hundred, and how often one name may stand in it:
 * validation compares fields of one name pair by pair, so that twice as many take four times as long.
 */
export const MAX_TOKENS = 1_000
const MAX_REPETITIONS = 100
/** Each error about a variable prints the whole value that it is about, which may be a megabyte. */
export const EXECUTION_OPTIONS = { maxCoercionErrors: 5 }
const MAX_DEPTH = 12
const MAX_ALIASES = 30
const MAX_DIRECTIVES = 20

/** What an operation may be, besides valid: the same rules for HTTP and for WebSocket. */
export function createLimits({ showsSchema }: { showsSchema: boolean }): ValidationRule[] {
  const off = { enabled: false }
  const armor = new ApolloArmor({
    maxDepth: { n: MAX_DEPTH, flattenFragments: true },
    // Armor lets any number of `__typename` pass, unless told that nothing is free.
    maxAliases: { n: MAX_ALIASES, allowList: [] },
    maxDirectives: { n: MAX_DIRECTIVES },
    // Armor’s cost rule sees neither default nor variable page sizes; ours does.
    costLimit: off,
    maxTokens: off,
    blockFieldSuggestion: off,
  })
  return [
    ...armor.protect().validationRules,
    costLimitRule(MAX_COST),
    ...(showsSchema ? [] : [NoSchemaIntrospectionCustomRule]),
  ]
}

/** Looks at the words of a document alone, before anything takes time over it. @throws GraphQLError */
export function refuseRepetition(source: string): void {
  const lexer = new Lexer(new Source(source))
  const times = new Map<string, number>()
  for (let count = 0; count <= MAX_TOKENS; count++) {
    const { kind, value } = lexer.advance()
    if (kind === TokenKind.EOF) return
    if (kind !== TokenKind.NAME) continue
    const repeated = (times.get(value) ?? 0) + 1
    times.set(value, repeated)
    if (repeated > MAX_REPETITIONS)
      throw new GraphQLError(
        `“${value.slice(0, 100)}” stands in this operation more than ${MAX_REPETITIONS} times. Ask for less at once.`,
        { extensions: { code: 'BAD_USER_INPUT' } },
      )
  }
}

/** True where the schema is asked for, and not only the name of a type. */
export function asksForSchema(document: DocumentNode): boolean {
  let asks = false
  visit(document, {
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type') asks = true
      return asks ? BREAK : undefined
    },
  })
  return asks
}

/** Parses a document that came by WebSocket, of which Apollo sees nothing. @throws GraphQLError */
export function parseLimited(source: string): DocumentNode {
  refuseRepetition(source)
  return parse(source, { maxTokens: MAX_TOKENS })
}

/** Validates it by the rules of the language and by the limits. */
export function validateLimited(
  schema: GraphQLSchema,
  document: DocumentNode,
  limits: readonly ValidationRule[],
): readonly GraphQLError[] {
  return validate(schema, document, [...specifiedRules, ...limits])
}
