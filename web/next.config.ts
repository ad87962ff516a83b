import path from 'node:path'
import type { NextConfig } from 'next'

/** Baked in at build time: Next writes rewrites into the build, it does not read them at start. */
const apiOrigin = process.env.STUDYHALL_API_ORIGIN ?? 'http://127.0.0.1:4000'
const isDevelopment = process.env.NODE_ENV === 'development'

const contentSecurityPolicy = [
  "default-src 'self'",
  // Next streams its data in inline scripts. hash-wasm compiles WebAssembly; React's development build uses eval.
  `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'${isDevelopment ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const securityHeaders = [
  { key: 'Content-Security-Policy', value: contentSecurityPolicy },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
]

/** Paths that the API answers; the browser sees one origin, so cookies need no CORS. */
const apiPaths = [
  '/graphql',
  '/api/auth/:path*',
  '/uploads/:path*',
  '/files/:path*',
  '/pictures/:path*',
  '/thumbnails/:path*',
]

const config: NextConfig = {
  turbopack: { root: path.join(import.meta.dirname, '..') },
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
  async rewrites() {
    return apiPaths.map((source) => ({ source, destination: `${apiOrigin}${source}` }))
  },
  async headers() {
    return [{ source: '/:path((?!files/|uploads/).*)', headers: securityHeaders }]
  },
}

export default config
