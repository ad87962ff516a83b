import { Text, Title } from '@mantine/core'
import { LinkButton } from './link-button.tsx'

/** Not found or not accessible to the viewer; the two are deliberately indistinguishable. */
export function MissingPage({ what = 'page', href = '/' }: { what?: string; href?: string }) {
  return (
    <div className="flex min-h-[60dvh] flex-col items-center justify-center gap-3 px-6 text-center">
      <Title order={1}>There is no such {what}</Title>
      <Text c="dimmed" maw={420}>
        The address may be mistyped, or it belongs to a team that you are not a member of.
      </Text>
      <LinkButton href={href} variant="default" mt="sm">
        {href === '/' ? 'Go home' : 'Go back'}
      </LinkButton>
    </div>
  )
}
