'use client'

import { ApolloProvider } from '@apollo/client/react'
import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { useKeptScroll } from '../design/history/use-kept-scroll.ts'
import { resolveColors, theme } from '../design/theme.ts'
import { signInPath } from '../features/session/sign-in-path.ts'
import { focusProblems } from '../forms/focus-problem.ts'
import { createApolloClient } from '../graphql/client.ts'

export function Providers({ children }: { children: ReactNode }) {
  const router = useRouter()
  useKeptScroll()
  useEffect(() => focusProblems(document), [])
  const [client] = useState(() => createApolloClient(() => router.replace(signInPath(location))))
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolveColors} defaultColorScheme="auto">
      <ApolloProvider client={client}>
        <ModalsProvider modalProps={{ closeButtonProps: { 'aria-label': 'Close' } }}>
          {children}
          <Notifications position="bottom-right" limit={4} />
        </ModalsProvider>
      </ApolloProvider>
    </MantineProvider>
  )
}
