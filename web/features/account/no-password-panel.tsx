import { Text } from '@mantine/core'
import { TextLink } from '../../design/link-button.tsx'
import { Panel } from '../../design/panel.tsx'

/** For whoever signs in by a provider: what others have here, and where it is instead. */
export function NoPasswordPanel({ provider, canHaveOne }: { provider: string; canHaveOne: boolean }) {
  return (
    <Panel title="Password">
      <Text size="sm">
        {canHaveOne
          ? `Your account has no password: you sign in by ${provider}.`
          : `Passwords do not count here: everybody signs in by ${provider}.`}{' '}
        A second factor is {provider}’s to ask for. To delete the account, or to give it another address, have
        signed in within the last ten minutes.
      </Text>
      {canHaveOne && (
        <Text size="sm" mt="xs">
          To have a password as well,{' '}
          <TextLink href="/reset" underline="always">
            ask for a link by mail
          </TextLink>
          .
        </Text>
      )}
    </Panel>
  )
}
