'use client'

import { Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { Panel } from '../../design/panel.tsx'
import { DisableSecondFactor, EnableSecondFactor, NewRecoveryCodes } from './second-factor-dialogs.tsx'

const DIALOG = 'second-factor'

const keepOpen = () =>
  modals.updateModal({
    modalId: DIALOG,
    closeOnEscape: false,
    closeOnClickOutside: false,
    withCloseButton: false,
  })

/** Signing in by a code of an authenticator after the password. */
export function SecondFactorPanel({ isOn }: { isOn: boolean }) {
  const open = (title: string, Dialog: typeof EnableSecondFactor) =>
    modals.open({
      modalId: DIALOG,
      title,
      children: <Dialog onDone={() => modals.close(DIALOG)} onKept={keepOpen} />,
    })
  return (
    <Panel title="Second factor" note="A code of an authenticator app, asked for after the password">
      <div className="flex flex-wrap items-center gap-3">
        <Text size="sm" fw={500}>
          {isOn ? 'On' : 'Off'}
        </Text>
        {isOn ? (
          <>
            <Button variant="default" onClick={() => open('New recovery codes', NewRecoveryCodes)}>
              New recovery codes
            </Button>
            <Button
              variant="outline"
              color="red"
              onClick={() => open('Turn the second factor off?', DisableSecondFactor)}
            >
              Turn off
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => open('Turn the second factor on', EnableSecondFactor)}>
            Turn on
          </Button>
        )}
      </div>
    </Panel>
  )
}
