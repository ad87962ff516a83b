'use client'

import { Button, Table, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { formatInstant } from '../../design/format-time.ts'
import { TextLink } from '../../design/link-button.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { RevokeShareLinkDocument, type ShareLinkRowFragment } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

interface Props {
  links: readonly ShareLinkRowFragment[]
  label: string
  /** Where the list is of several things: what a link shows. */
  subjectOf?: (link: ShareLinkRowFragment) => { name: string; href: string }
}

/** Open links, each with a button that ends it. */
export function ShareLinksTable({ links, label, subjectOf }: Props) {
  return (
    <TableFrame label={label} minWidth={subjectOf ? 720 : 520}>
      <Table.Thead>
        <Table.Tr>
          {subjectOf && <Table.Th>Shows</Table.Th>}
          <Table.Th>Made by</Table.Th>
          <Table.Th>Open until</Table.Th>
          <Table.Th>Asks for</Table.Th>
          <Table.Th>Visits</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {links.map((link) => (
          <LinkRow key={link.id} link={link} subject={subjectOf?.(link)} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function LinkRow({
  link,
  subject,
}: {
  link: ShareLinkRowFragment
  subject: { name: string; href: string } | undefined
}) {
  const { createdBy, createdAt, expiresAt, hasPassword, withFiles, seenCount, lastSeenAt } = link
  return (
    <Table.Tr>
      {subject && (
        <Table.Td fw={500}>
          <TextLink href={subject.href} size="sm">
            {subject.name}
          </TextLink>
        </Table.Td>
      )}
      <Table.Td>
        {createdBy.name}, {formatInstant(createdAt)}
      </Table.Td>
      <Table.Td>{expiresAt ? formatInstant(expiresAt) : 'revoked'}</Table.Td>
      <Table.Td>
        {hasPassword ? 'a password' : 'nothing'}
        {withFiles && ', gives files'}
      </Table.Td>
      <Table.Td>{lastSeenAt ? `${seenCount}, last ${formatInstant(lastSeenAt)}` : 'none'}</Table.Td>
      <Table.Td ta="right">
        <RevokeButton link={link} />
      </Table.Td>
    </Table.Tr>
  )
}

/** Asks in its own place: the list may stand in a dialog already. */
function RevokeButton({ link }: { link: ShareLinkRowFragment }) {
  const [asking, setAsking] = useState(false)
  const [problems, setProblems] = useState<string[]>([])
  const [revoke, busy] = useMutationWithRetry(RevokeShareLinkDocument, {
    refetchQueries: ['ShareLinksOf', 'TeamShareLinks'],
  })
  const confirm = async () => {
    const answer = await revoke({ input: { shareLinkId: link.id } })
    setProblems(answer?.revokeShareLink.errors.map(({ message }) => message) ?? [])
  }
  const name = `the link that ${link.createdBy.name} made ${formatInstant(link.createdAt)}`
  if (!asking)
    return (
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        onClick={() => setAsking(true)}
        aria-label={`Revoke ${name}`}
      >
        Revoke
      </Button>
    )
  return (
    <div className="flex flex-col items-end gap-1">
      <FormErrors messages={problems} />
      <span className="flex gap-1 whitespace-nowrap">
        <Button
          autoFocus
          color="red"
          size="compact-sm"
          loading={busy}
          onClick={() => void confirm()}
          aria-label={`End ${name} for everybody who has it`}
        >
          End it for all
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => setAsking(false)}>
          Keep it
        </Button>
      </span>
    </div>
  )
}
