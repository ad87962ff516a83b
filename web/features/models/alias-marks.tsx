import { Badge } from '@mantine/core'

/** A model's aliases. */
export function AliasMarks({ aliases }: { aliases: { name: string }[] }) {
  return aliases.map(({ name }) => (
    <Badge key={name} variant="light" size="sm" className="normal-case">
      {name}
    </Badge>
  ))
}
