'use client'

import { useQuery } from '@apollo/client/react'
import { Table, Text } from '@mantine/core'
import { countOf } from '../../design/format-numbers.ts'
import { formatAge, formatDate } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { StatusMark } from '../../design/status-mark.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import { SearchField } from '../../forms/search-field.tsx'
import { InstancePeopleDocument, type PersonRowFragment } from '../../graphql/generated/operations.ts'
import { PersonActions } from './person-actions.tsx'

const PAGE = 50
const METHODS = { PASSWORD: 'Password', PROVIDER: 'Single sign-on' }

/** Everybody who has an account, with what can be done about them. */
export function PeopleTab({ ownId }: { ownId: string }) {
  const [search, setSearch] = useUrlParameter('search')
  const { data, error, refetch, fetchMore } = useQuery(InstancePeopleDocument, {
    variables: { first: PAGE, search: search ?? '' },
    fetchPolicy: 'cache-and-network',
  })
  const people = data?.instance?.people
  return (
    <Panel
      title="People"
      note={
        people &&
        countOf(people.totalCount, search ? 'person found' : 'person', search ? 'people found' : 'people')
      }
      actions={<SearchField label="Name or e-mail" value={search ?? ''} onSearch={setSearch} />}
      flush
    >
      {!people ? (
        <NotLoaded title="The people could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : people.edges.length === 0 ? (
        <Text size="sm" c="dimmed" className="px-5 py-6">
          Nobody has “{search}” in their name or address.
        </Text>
      ) : (
        <>
          <PeopleTable people={people.edges.map(({ node }) => node)} ownId={ownId} />
          <ShowMore
            page={people.pageInfo}
            shown={people.edges.length}
            total={people.totalCount}
            onMore={(after) => void fetchMore({ variables: { after } })}
          />
        </>
      )}
    </Panel>
  )
}

function PeopleTable({ people, ownId }: { people: PersonRowFragment[]; ownId: string }) {
  return (
    <TableFrame label="People" minWidth={860}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Person</Table.Th>
          <Table.Th>Standing</Table.Th>
          <Table.Th>Signs in by</Table.Th>
          <Table.Th>Teams</Table.Th>
          <Table.Th>Last sign-in</Table.Th>
          <Table.Th>
            <span className="sr-only">Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} isSelf={person.id === ownId} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function PersonRow({ person, isSelf }: { person: PersonRowFragment; isSelf: boolean }) {
  const { name, email, createdAt, lastSignInAt, signInMethods, twoFactorEnabled, teams } = person
  return (
    <Table.Tr>
      <Table.Td className="max-w-64 break-words">
        <Text size="sm" fw={500}>
          {name}
          {isSelf && ' (you)'}
        </Text>
        <Text size="xs" c="dimmed">
          {email}, since {formatDate(createdAt)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Standing person={person} />
      </Table.Td>
      <Table.Td>
        {signInMethods.map((method) => METHODS[method]).join(', ')}
        {twoFactorEnabled && (
          <Text size="xs" c="dimmed">
            with a second factor
          </Text>
        )}
      </Table.Td>
      <Table.Td className="max-w-48 break-words">
        {teams.length === 0 ? '–' : teams.map((team) => team.name).join(', ')}
      </Table.Td>
      <Table.Td>{lastSignInAt ? formatAge(lastSignInAt) : 'never'}</Table.Td>
      <Table.Td>
        <PersonActions person={person} isSelf={isSelf} />
      </Table.Td>
    </Table.Tr>
  )
}

function Standing({ person: { suspendedAt, isAdministrator } }: { person: PersonRowFragment }) {
  if (suspendedAt)
    return (
      <>
        <StatusMark tone="bad">Suspended</StatusMark>
        <Text size="xs" c="dimmed">
          {formatAge(suspendedAt)}
        </Text>
      </>
    )
  return isAdministrator ? <StatusMark tone="good">Administrator</StatusMark> : <>–</>
}
