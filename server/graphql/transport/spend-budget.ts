import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, type OperationDefinitionNode } from 'graphql'
import type { Context } from './context.ts'
import { costOf, isOfSharedPage } from './cost-limit.ts'
import { type Budget, type RequestBudgets, WINDOW_SECONDS } from './request-budget.ts'

const POLICY = 'cost'

/**
 * Takes what an operation costs from the budget of whoever asks, which it tells for the context's `budget`.
 * @throws GraphQLError RATE_LIMITED where too little was left
 */
export async function spendBudget(
  budgets: RequestBudgets,
  operation: OperationDefinitionNode,
  context: Context,
): Promise<void> {
  const { actor, origin } = context
  const asker = { actor, address: origin.address, isOfSharedPage: isOfSharedPage(operation) }
  const budget = await budgets.spend(asker, costOf(operation))
  context.budget = budget
  if (!budget.isExceeded) return
  const seconds = secondsUntil(budget)
  const message = `This operation costs ${say(budget.cost)}, and less than that is left of the ${say(budget.limit)} that may be asked for in a minute. Try again in ${seconds} s, or ask for smaller pages.`
  throw new GraphQLError(message, {
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds, http: { status: 429 } },
  })
}

/** The same over HTTP, told in the headers of the IETF's draft (draft-ietf-httpapi-ratelimit-headers). */
export function spendBudgetPlugin(budgets: RequestBudgets): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ operation, contextValue }) {
        if (operation) await spendBudget(budgets, operation, contextValue)
      },
      async willSendResponse({ response: { http }, contextValue: { budget } }) {
        if (!budget) return
        const seconds = secondsUntil(budget)
        http.headers.set('ratelimit-policy', `"${POLICY}";q=${budget.limit};w=${WINDOW_SECONDS}`)
        http.headers.set('ratelimit', `"${POLICY}";r=${budget.remaining};t=${seconds}`)
        if (budget.isExceeded) http.headers.set('retry-after', String(seconds))
      },
    }),
  }
}

function secondsUntil({ resetAt }: Budget): number {
  return Math.max(1, Math.ceil((resetAt.getTime() - Date.now()) / 1000))
}

function say(cost: number): string {
  return cost.toLocaleString('en')
}
