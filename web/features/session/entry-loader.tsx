import { Loader, Title } from '@mantine/core'

/** In the place of a form, as long as it is not known which. */
export function EntryLoader({ title }: { title: string }) {
  return (
    <div className="grid place-items-center" aria-busy="true">
      <Title order={1} className="sr-only">
        {title}
      </Title>
      <Loader type="dots" aria-label="Loading" />
    </div>
  )
}
