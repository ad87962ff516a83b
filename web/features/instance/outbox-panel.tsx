'use client'

import { Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconMail } from '@tabler/icons-react'
import { Disclosure } from '../../design/disclosure.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { formatAge, formatInstant } from '../../design/format-time.ts'
import { Panel } from '../../design/panel.tsx'
import type { WaitingMailFragment } from '../../graphql/generated/operations.ts'
import { TrialMailForm } from './trial-mail-form.tsx'

interface Props {
  mailServer: string | null
  mails: WaitingMailFragment[]
}

/** Mails on their way; where no server takes them, with all that they say. */
export function OutboxPanel({ mailServer, mails }: Props) {
  return (
    <Panel title="Mail" note={<Note mailServer={mailServer} />} actions={<TrialButton />} flush>
      {mails.length === 0 ? (
        <EmptyState icon={<IconMail size={22} />} title="No mail is waiting">
          {mailServer
            ? 'Every mail has been taken by the mail server.'
            : 'Invitations and resets of passwords will appear here.'}
        </EmptyState>
      ) : (
        <ul aria-label="Waiting mails" className="m-0 list-none p-0">
          {mails.map((mail) => (
            <li key={mail.id} className="border-t border-[var(--line)] px-4 py-3 sm:px-5">
              <WaitingMail mail={mail} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Note({ mailServer }: { mailServer: string | null }) {
  if (mailServer) return <>Sent through {mailServer}. Nobody but the recipient reads what a mail says.</>
  return (
    <>
      No mail server is set (<code className="font-mono text-xs">SMTP_URL</code>), so mails wait here. Hand
      each to its recipient alone: its link is as good as a password.
    </>
  )
}

function WaitingMail({ mail }: { mail: WaitingMailFragment }) {
  return (
    <>
      <Text fw={500} className="break-words">
        {mail.subject}
      </Text>
      <Text size="sm" c="dimmed" className="break-words">
        To {mail.to}, {formatAge(mail.createdAt)}; good until {formatInstant(mail.expiresAt)}
      </Text>
      {mail.failure && (
        <Text size="sm" c="red" className="break-words">
          {mail.attempts === 1 ? 'One attempt failed' : `${mail.attempts} attempts failed`}: {mail.failure}
        </Text>
      )}
      {mail.text !== null && (
        <Disclosure label="Read">
          <pre className="m-0 rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-3 font-mono text-xs break-words whitespace-pre-wrap">
            {mail.text}
          </pre>
        </Disclosure>
      )}
    </>
  )
}

function TrialButton() {
  const open = () =>
    modals.open({ modalId: 'trial-mail', title: 'Send a trial mail', children: <TrialMailForm /> })
  return (
    <Button size="xs" variant="default" onClick={open}>
      Send a trial mail
    </Button>
  )
}
