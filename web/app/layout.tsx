import './globals.css'
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Providers } from './providers.tsx'

export const metadata: Metadata = {
  title: { template: '%s · Studyhall', default: 'Studyhall' },
  description: 'Small networks that teach each other: train a cohort, watch it live, download the students.',
  robots: { index: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#101013' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Of the front (web/front): the browser runs no inline script without it. Read here, it makes every page one of its request.
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        {/* Runs before the first paint, so that a dark page never flashes white. */}
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  )
}
