import { notifications } from '@mantine/notifications'
import type { ProblemFragment } from '../../graphql/generated/operations.ts'

/** Shows each error as a notification. @returns whether there were any */
export function notifyProblems(title: string, errors: readonly ProblemFragment[] | undefined): boolean {
  for (const { message } of errors ?? []) notifications.show({ color: 'red', title, message })
  return (errors ?? []).length > 0
}
