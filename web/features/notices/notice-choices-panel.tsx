'use client'

import { useQuery } from '@apollo/client/react'
import { NativeSelect, Table } from '@mantine/core'
import { useState } from 'react'
import {
  ADMIN_EVENT_KINDS,
  NOTICE_CHANNELS,
  NOTICE_SCOPES,
  type NoticeChannel,
  type NoticeScope,
  TEAM_EVENT_KINDS,
  TEAM_EVENTS,
  type TeamEventKind,
} from '../../../contract/notices/team-events.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { ChooseNoticesDocument, NoticeChoicesDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { notifyProblems } from '../run-list/notify-problems.ts'
import { BrowserPermissionButton } from './browser-permission-button.tsx'
import { PushSwitch } from './push/push-switch.tsx'

const CHANNEL_WORDS: Record<NoticeChannel, string> = {
  PAGE: 'In the page',
  BROWSER: 'By the browser',
  MAIL: 'By mail',
}
const SCOPE_WORDS: Record<NoticeScope, string> = { NOTHING: 'Never', OWN: 'If mine', TEAM: 'If anybody’s' }
/** Of what is nobody's own, the team's admins are told. */
const ADMINS_WORDS: Partial<Record<NoticeScope, string>> = { NOTHING: 'Never', OWN: 'As an admin' }

/** What one is told, of whose things, and by what. */
export function NoticeChoicesPanel() {
  const { data, error, refetch } = useQuery(NoticeChoicesDocument, { fetchPolicy: 'cache-and-network' })
  const choices = data?.viewer?.noticeChoices
  // The other control, too, shows what the browser was just allowed.
  const [asked, setAsked] = useState(0)
  const scopeOf = (kind: TeamEventKind, channel: NoticeChannel) =>
    choices?.find((choice) => choice.kind === kind && choice.channel === channel)?.scope ?? 'NOTHING'
  return (
    <div id="notices">
      <Panel
        title="Notices"
        note="Runs of an experiment are told of by the experiment."
        actions={<BrowserPermissionButton key={asked} />}
        flush
      >
        <div className="px-4 pb-3 sm:px-5">
          <PushSwitch onAsked={() => setAsked((times) => times + 1)} />
        </div>
        {!choices ? (
          <NotLoaded
            title="The choices could not be loaded"
            error={error}
            onRetry={() => void refetch()}
            rows={4}
          />
        ) : (
          <TableFrame label="Notices" minWidth={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                {NOTICE_CHANNELS.map((channel) => (
                  <Table.Th key={channel}>{CHANNEL_WORDS[channel]}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {TEAM_EVENT_KINDS.map((kind) => (
                <Table.Tr key={kind}>
                  <Table.Td>{TEAM_EVENTS[kind].title}</Table.Td>
                  {NOTICE_CHANNELS.map((channel) => (
                    <Table.Td key={channel}>
                      <Choice kind={kind} channel={channel} scope={scopeOf(kind, channel)} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </TableFrame>
        )}
      </Panel>
    </div>
  )
}

interface ChoiceProps {
  kind: TeamEventKind
  channel: NoticeChannel
  scope: NoticeScope
}

function Choice({ kind, channel, scope }: ChoiceProps) {
  const [choose, busy] = useMutationWithRetry(ChooseNoticesDocument, { refetchQueries: ['NoticeChoices'] })
  const words = ADMIN_EVENT_KINDS.includes(kind) ? ADMINS_WORDS : SCOPE_WORDS
  const change = async (wanted: NoticeScope) => {
    const answer = await choose({ input: { kind, channel, scope: wanted } })
    notifyProblems('The choice was not kept', answer?.chooseNotices.errors)
  }
  return (
    <NativeSelect
      size="xs"
      aria-label={`${TEAM_EVENTS[kind].title}: ${CHANNEL_WORDS[channel].toLowerCase()}`}
      value={scope}
      disabled={busy}
      data={NOTICE_SCOPES.flatMap((value) => (words[value] ? [{ value, label: words[value] }] : []))}
      onChange={(event) => void change(event.currentTarget.value as NoticeScope)}
    />
  )
}
