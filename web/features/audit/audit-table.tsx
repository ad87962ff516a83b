'use client'

import { Table, Text, UnstyledButton } from '@mantine/core'
import { formatInstant } from '../../design/format-time.ts'
import { TextLink } from '../../design/link-button.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { AuditRowFragment } from '../../graphql/generated/operations.ts'
import { describeDetail } from './describe-detail.ts'

const NOBODY = { ANONYMOUS: 'Nobody signed in', SYSTEM: 'The service' } as const
const OUTCOMES = { DONE: 'Done', REFUSED: 'Refused', FAILED: 'Failed' } as const
const OUTCOME_TONES = {
  DONE: '',
  REFUSED: 'text-[#8a5200] dark:text-[#f0b429]',
  FAILED: 'text-[#c02020] dark:text-[#ff8787]',
} as const

interface Props {
  rows: AuditRowFragment[]
  /** The instance’s log says in which team, too. */
  showsTeam: boolean
  onActor: (id: string) => void
  onSubject: (id: string) => void
}

export function AuditTable({ rows, showsTeam, onActor, onSubject }: Props) {
  return (
    <TableFrame label="Audit log" minWidth={showsTeam ? 980 : 860}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={150}>When</Table.Th>
          <Table.Th>Who</Table.Th>
          <Table.Th>What</Table.Th>
          {showsTeam && <Table.Th>Team</Table.Th>}
          <Table.Th w={100}>Outcome</Table.Th>
          <Table.Th>From where</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id} className="align-top">
            <Table.Td>
              <time dateTime={row.at}>{formatInstant(row.at)}</time>
            </Table.Td>
            <Table.Td>
              <Actor row={row} onActor={onActor} />
            </Table.Td>
            <Table.Td>
              <What row={row} onSubject={onSubject} />
            </Table.Td>
            {showsTeam && <Table.Td>{row.team?.name ?? '–'}</Table.Td>}
            <Table.Td className={OUTCOME_TONES[row.outcome]}>
              {OUTCOMES[row.outcome]}
              {row.code && <Small>{row.code}</Small>}
            </Table.Td>
            <Table.Td>
              {row.address ?? '–'}
              {row.userAgent && <Small>{row.userAgent}</Small>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function Small({ children }: { children: string }) {
  return (
    <Text size="xs" c="dimmed" className="[overflow-wrap:anywhere]" maw={320} lineClamp={2}>
      {children}
    </Text>
  )
}

function Actor({ row: { actor }, onActor }: { row: AuditRowFragment; onActor: (id: string) => void }) {
  const { kind, id, name, email, keyId, keyName } = actor
  if (kind === 'ANONYMOUS' || kind === 'SYSTEM') return <>{NOBODY[kind]}</>
  const chosen = keyId ?? id
  return (
    <>
      <UnstyledButton
        className="text-sm font-medium underline decoration-dotted underline-offset-4"
        title="Show only what was done by them"
        onClick={() => chosen && onActor(chosen)}
      >
        {keyName ? `Key “${keyName}”` : (name ?? id)}
      </UnstyledButton>
      {keyName ? <Small>{`of ${name ?? id}`}</Small> : email && <Small>{email}</Small>}
    </>
  )
}

function What({ row, onSubject }: { row: AuditRowFragment; onSubject: (id: string) => void }) {
  const { title, subject, detail, team } = row
  const name = subject && (subject.name ?? subject.id)
  const said = describeDetail(detail)
  return (
    <>
      {title}
      {subject && name && (
        <>
          {': '}
          {team && subject.path !== null && subject.path !== undefined ? (
            <TextLink
              href={`/${team.slug}${subject.path && `/${subject.path}`}`}
              size="sm"
              underline="always"
            >
              {name}
            </TextLink>
          ) : (
            <span className="[overflow-wrap:anywhere]">{name}</span>
          )}{' '}
          <UnstyledButton
            className="text-xs text-[var(--mantine-color-dimmed)] underline decoration-dotted underline-offset-4"
            onClick={() => onSubject(subject.id)}
            aria-label={`Everything about ${name}`}
          >
            all about it
          </UnstyledButton>
        </>
      )}
      {said && <Small>{said}</Small>}
    </>
  )
}
