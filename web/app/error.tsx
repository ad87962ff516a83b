'use client'

import { Button, Text, Title } from '@mantine/core'

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <main className="flex min-h-[60dvh] flex-col items-center justify-center gap-3 px-6 text-center">
      <Title order={1}>Something went wrong on this page</Title>
      <Text c="dimmed" maw={480}>
        Your data is safe; the error is in the page itself. {error.message}
      </Text>
      <Button variant="default" onClick={reset}>
        Reload
      </Button>
    </main>
  )
}
