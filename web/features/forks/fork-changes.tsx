import { Badge } from '@mantine/core'
import { type CohortChange, changesOf } from './fork-values.ts'

const COLOURS: Record<CohortChange['what'], string> = { stays: 'gray', joins: 'teal', leaves: 'red' }

/** Who stays, who joins and who leaves. */
export function ForkChanges(props: {
  before: readonly { name: string }[]
  after: readonly { name: string }[]
}) {
  return (
    <ul aria-label="Changes" className="m-0 mt-4 flex list-none flex-wrap gap-2 p-0">
      {changesOf(props.before, props.after).map(({ name, what }) => (
        <li key={`${name} ${what}`}>
          <Badge variant="light" color={COLOURS[what]} tt="none" fw={500}>
            {name} {what}
          </Badge>
        </li>
      ))}
    </ul>
  )
}
