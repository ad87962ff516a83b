'use client'

import { Kbd, Table } from '@mantine/core'
import { modals } from '@mantine/modals'

const shortcuts: [keys: string[], does: string][] = [
  [['Ctrl', 'K'], 'Find a page or a run (⌘ K on a Mac)'],
  [['/'], 'Go to the page’s search, or to that of everything'],
  [['J'], 'Next run of the list, on a run’s page'],
  [['K'], 'Previous run of the list, on a run’s page'],
  [['?'], 'Show this help'],
  [['G', 'H'], 'Go to the team’s home'],
  [['G', 'D'], 'Go to datasets'],
  [['G', 'C'], 'Go to cohorts'],
  [['G', 'R'], 'Go to runs'],
  [['G', 'M'], 'Go to models'],
  [['G', 'S'], 'Go to settings'],
  [['Esc'], 'Close what is open'],
]

export function openKeyboardHelp() {
  modals.open({
    title: 'Keyboard shortcuts',
    children: (
      <Table verticalSpacing="xs" highlightOnHover={false}>
        <Table.Tbody>
          {shortcuts.map(([keys, does]) => (
            <Table.Tr key={does}>
              <Table.Td w={120}>
                <span className="flex gap-1">
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </span>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    ),
  })
}
