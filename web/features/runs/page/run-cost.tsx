'use client'

import { useQuery } from '@apollo/client/react'
import { RunCostDocument } from '../../../graphql/generated/operations.ts'
import { formatHours } from '../../usage/quota-words.ts'

/** Hours on devices in all attempts up to now, and what they cost where hours have a price. */
export function RunCost({ runId }: { runId: string }) {
  const { data } = useQuery(RunCostDocument, { variables: { id: runId }, fetchPolicy: 'cache-and-network' })
  const cost = data?.node?.__typename === 'Run' ? data.node.cost : null
  if (!cost) return '–'
  const { deviceHours, amount, currency } = cost
  const hours = formatHours(deviceHours)
  return amount === null || currency === null ? hours : `${hours}, ${formatMoney(amount, currency)}`
}

/** To the cent, and what is less than one to four digits. */
function formatMoney(amount: number, currency: string): string {
  const digits = amount > 0 && amount < 0.01 ? { maximumFractionDigits: 4 } : {}
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency, ...digits }).format(amount)
}
