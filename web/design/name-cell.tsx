import { Table, Text } from '@mantine/core'

/** Who a row is of, and in small what that is. */
export function NameCell({ name, note }: { name: string; note: string }) {
  return (
    <Table.Td fw={500}>
      {name}
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </Table.Td>
  )
}
