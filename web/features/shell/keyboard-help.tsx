'use client'

import { Kbd, Table } from '@mantine/core'
import { modals } from '@mantine/modals'
import { teamPages } from './pages.ts'

const shortcuts: [keys: string[], does: string][] = [
  [['Ctrl', 'K'], 'Find a page or a run (⌘ K on a Mac)'],
  [['/'], 'Go to the page’s search, or to that of everything'],
  [['J'], 'Next run of the list, on a run’s page'],
  [['K'], 'Previous run of the list, on a run’s page'],
  [['?'], 'Show this help'],
  ...teamPages.map(({ path, label, key }): [string[], string] => [
    ['G', key.toUpperCase()],
    `Go to ${path === '' ? 'the team’s home' : label.toLowerCase()}`,
  ]),
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
