import { Table, Text } from '@mantine/core'
import { formatDrop, type Measure } from './describe-heat.ts'
import type { HeatMap } from './occlude.ts'
import { COLUMNS, ROWS } from './regions.ts'

/** The map in numbers: the mean drop in each ninth of the image. */
export function RegionsTable({ map, measure }: { map: HeatMap; measure: Measure }) {
  return (
    <Table className="numbers w-auto" verticalSpacing={6}>
      <Table.Caption ta="left" style={{ captionSide: 'top' }}>
        <Text size="sm" span>
          Mean drop in {measure}, by part of the image
        </Text>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {COLUMNS.map((column) => (
            <Table.Th key={column} ta="right" scope="col">
              {column}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {ROWS.map((name, row) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">{name}</Table.Th>
            {map.regions
              .filter((region) => region.row === row)
              .map(({ column, drop }) => (
                <Table.Td key={column} ta="right">
                  {formatDrop(drop, map.scale)}
                </Table.Td>
              ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
