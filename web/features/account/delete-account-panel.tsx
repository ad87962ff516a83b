'use client'

import { useApolloClient, useQuery } from '@apollo/client/react'
import { Button, List, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useRouter } from 'next/navigation'
import { TextLink } from '../../design/link-button.tsx'
import { Panel } from '../../design/panel.tsx'
import { DeleteAccountDocument, OwnedAloneDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { PasswordStep } from './password-step.tsx'
import { WithoutPassword } from './without-password.tsx'

const DIALOG = 'delete-account'

/** Names what stands in the way before it asks. */
export function DeleteAccountPanel({ hasPassword }: { hasPassword: boolean }) {
  const { data } = useQuery(OwnedAloneDocument, { fetchPolicy: 'cache-and-network' })
  const teams = data?.viewer?.ownedAlone ?? []
  const ask = () =>
    modals.open({
      modalId: DIALOG,
      title: 'Delete your account?',
      children: <DeleteAccount {...{ hasPassword }} />,
    })
  return (
    <Panel title="Delete the account">
      {teams.length > 0 && (
        <div className="mb-3">
          <Text size="sm">
            You are the only owner of teams with other members. Hand over or delete these first:
          </Text>
          <List size="sm" mt={4}>
            {teams.map(({ id, slug, name }) => (
              <List.Item key={id}>
                <TextLink href={`/${slug}/members`} underline="always">
                  {name}
                </TextLink>
              </List.Item>
            ))}
          </List>
        </div>
      )}
      <Button color="red" variant="outline" onClick={ask} disabled={teams.length > 0}>
        Delete the account
      </Button>
    </Panel>
  )
}

function DeleteAccount({ hasPassword }: { hasPassword: boolean }) {
  const apollo = useApolloClient()
  const router = useRouter()
  const [deleteAccount] = useMutationWithRetry(DeleteAccountDocument)
  const remove = async (password: string) => {
    const answer = await deleteAccount({ input: { password } })
    const problem = answer?.deleteAccount.errors[0]
    if (problem) return { message: problem.message.replace(/^password: this/, 'This') }
    if (!answer) return null
    modals.close(DIALOG)
    router.replace('/')
    await apollo.clearStore()
    return null
  }
  return (
    <div className="flex flex-col gap-4">
      <Text size="sm">
        Your sessions, keys and memberships end, and your name and address are forgotten. What you made in
        teams of others stays there. Teams in which you are alone are deleted with all that they have. This
        cannot be undone.
      </Text>
      {hasPassword ? (
        <PasswordStep button="Delete the account" color="red" onPassword={remove} />
      ) : (
        <WithoutPassword button="Delete the account" onConfirm={() => remove('')} />
      )}
    </div>
  )
}
