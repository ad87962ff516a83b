import { Text } from '@mantine/core'
import { TextLink } from '../../design/link-button.tsx'

/** With a link to its page, which opens for its members. */
export function TeamName({ name, slug }: { name: string; slug: string }) {
  return (
    <>
      <TextLink href={`/${slug}`} size="sm">
        {name}
      </TextLink>
      <Text size="xs" c="dimmed">
        /{slug}
      </Text>
    </>
  )
}
