import type { MetadataRoute } from 'next'

/** So that a phone or a desktop can install the pages; nothing is kept for when there is no network. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Studyhall',
    short_name: 'Studyhall',
    description:
      'Small networks that teach each other: train a cohort, watch it live, download the students.',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: '#4f55d3',
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: '/apple-icon.png', sizes: '180x180', type: 'image/png' },
    ],
  }
}
