import { notifications } from '@mantine/notifications'
import type { ProblemFragment } from '../../../graphql/generated/operations.ts'

/** Says in a notification why something was refused. @returns whether anything was */
export function notifyProblems(title: string, errors: readonly ProblemFragment[] | undefined): boolean {
  for (const { message } of errors ?? []) notifications.show({ color: 'red', title, message })
  return (errors ?? []).length > 0
}
