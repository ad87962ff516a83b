import { ApolloArmor } from '@escape.tech/graphql-armor'
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql'
import { costLimitRule } from './cost-limit.ts'

/**
 * Tokens of one document: the longest of the web's own has some hundred. Validation compares the fields of a selection
 * pair by pair, so that twice as many take four times as long.
 */
export const MAX_TOKENS = 2_000
/** Each error about a variable prints the whole value that it is about, which may be a megabyte. */
export const EXECUTION_OPTIONS = { maxCoercionErrors: 5 }
const MAX_DEPTH = 12
const MAX_ALIASES = 30
const MAX_DIRECTIVES = 20
/** Things that one operation may bring, at the most. A page of 100 runs with their students brings some thousand. */
const MAX_COST = 20_000

/** What an operation may be, besides valid: the same rules for HTTP and for WebSocket. */
export function createLimits(production: boolean): ValidationRule[] {
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
    ...(production ? [NoSchemaIntrospectionCustomRule] : []),
  ]
}

/** Parses a document that came by WebSocket, of which Apollo sees nothing. @throws GraphQLError */
export function parseLimited(source: string): DocumentNode {
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
