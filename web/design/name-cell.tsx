import { Table, Text } from '@mantine/core'

/** A table cell with a name and a small note below it. */
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
