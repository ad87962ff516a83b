import { Table, Text } from '@mantine/core'
import { TableFrame } from '../../design/table-frame.tsx'
import type { WeightsRowFragment } from '../../graphql/generated/operations.ts'
import { describeMatch, imagesWords } from './weights-words.ts'

/** Which networks the weights fit, what the seed draws there, and what has no place. */
export function FitsTable({ fits }: Pick<WeightsRowFragment, 'fits'>) {
  return (
    <TableFrame label="Networks" minWidth={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Network</Table.Th>
          <Table.Th>Images</Table.Th>
          <Table.Th>Matched</Table.Th>
          <Table.Th>New</Table.Th>
          <Table.Th>Not used</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fits.map((fit) => (
          <Table.Tr key={`${fit.architecture} ${fit.images}`}>
            <Table.Td fw={500}>{fit.architecture}</Table.Td>
            <Table.Td>{imagesWords[fit.images]}</Table.Td>
            <Table.Td>{describeMatch(fit)}</Table.Td>
            <Table.Td>
              <Names names={fit.new.map(({ name, reason }) => `${name} (${reason})`)} count={fit.newCount} />
            </Table.Td>
            <Table.Td>
              <Names names={fit.unused} count={fit.unusedCount} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function Names({ names, count }: { names: string[]; count: number }) {
  if (count === 0) return 'none'
  const more = count - names.length
  return (
    <Text size="xs" className="break-words">
      {names.join(', ')}
      {more > 0 && ` and ${more} more`}
    </Text>
  )
}
