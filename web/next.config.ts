import { createRequire } from 'node:module'
import path from 'node:path'
import type { NextConfig } from 'next'

/** The folder whose node_modules holds Next: the checkout, or one above it. */
const packagesFolder = path.resolve(createRequire(import.meta.url).resolve('next/package.json'), '../../..')

const config: NextConfig = {
  turbopack: { root: packagesFolder },
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run types` checks them; a first start on a small machine should not wait for it.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // The set-up builds once for each change of the pages: writing the cache costs more than reading it saves.
    turbopackFileSystemCacheForBuild: false,
    optimizePackageImports: [
      '@mantine/core',
      '@mantine/hooks',
      '@mantine/modals',
      '@mantine/notifications',
      '@mantine/spotlight',
      '@tabler/icons-react',
    ],
  },
  // No rewrites and no headers: front/ forwards what the API answers, and says of each answer what browsers may do with it.
}

export default config
