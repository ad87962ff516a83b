import { useQuery } from '@apollo/client/react'
import { ModalsProvider } from '@mantine/modals'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { SecondFactorPanel } from '../../web/features/account/second-factor-panel.tsx'
import { ViewerDocument } from '../../web/graphql/generated/operations.ts'
import { createAnsweringClient, Surroundings } from './runs/answering-client.tsx'

vi.mock('../../web/features/session/auth-client.ts', () => ({
  authClient: {
    twoFactor: {
      enable: async () => ({
        data: { totpURI: 'otpauth://totp/Studyhall?secret=ABC', backupCodes: ['first-code'] },
        error: null,
      }),
      verifyTotp: async () => ({ error: null }),
    },
  },
}))

function Account() {
  useQuery(ViewerDocument)
  return <SecondFactorPanel isOn={false} />
}

function fill(label: string, value: string, button: string) {
  fireEvent.change(screen.getByLabelText(label, { selector: 'input' }), { target: { value } })
  fireEvent.click(screen.getByRole('button', { name: button }))
}

it('keeps the recovery codes open until they are kept, and asks at once whether the second factor is on', async () => {
  const { client, asked } = createAnsweringClient(() => ({ viewer: null }))
  render(
    <Surroundings client={client}>
      <ModalsProvider>
        <Account />
      </ModalsProvider>
    </Surroundings>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Turn on' }))
  await screen.findByLabelText('Your password', { selector: 'input' })
  fill('Your password', 'a password', 'Go on')
  await screen.findByLabelText('Code', { selector: 'input' })
  fill('Code', '123456', 'Turn it on')
  await screen.findByText('first-code')
  await waitFor(() => expect(asked).toEqual(['Viewer', 'Viewer']))
  fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(screen.queryByText('first-code')).not.toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'I have kept them' }))
  await waitFor(() => expect(screen.queryByText('first-code')).toBeNull())
})
