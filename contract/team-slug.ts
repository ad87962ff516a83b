/** The form of a team's address, without the slash. */
export const SLUG_FORM = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/

/**
 * Addresses that no team may have: they lead to pages or to the API, they are asked for by probes and by browsers, or
 * they are kept free for pages to come.
 */
const RESERVED = new Set([
  // Pages (web/app) and what the front forwards to the API.
  ...['sign-in', 'sign-up', 'api', 'graphql', 'uploads', 'files', 'pictures', 'thumbnails'],
  // Probes, and what people and programs expect of a site.
  ...[
    'healthz',
    'readyz',
    'livez',
    'health',
    'status',
    'metrics',
    'favicon',
    'robots',
    'sitemap',
    'static',
    'assets',
  ],
  ...[
    'login',
    'logout',
    'sign-out',
    'register',
    'auth',
    'oauth',
    'oidc',
    'sso',
    'callback',
    'verify',
    'reset',
  ],
  ...[
    'account',
    'accounts',
    'profile',
    'settings',
    'admin',
    'administration',
    'instance',
    'system',
    'root',
    'www',
  ],
  ...[
    'invite',
    'invites',
    'invitation',
    'invitations',
    'join',
    'share',
    'shared',
    'public',
    'new',
    'teams',
    'users',
  ],
  ...[
    'notifications',
    'webhooks',
    'audit',
    'usage',
    'docs',
    'help',
    'support',
    'about',
    'security',
    'privacy',
    'terms',
  ],
  ...['null', 'undefined', 'true', 'false'],
])

export function isReservedSlug(slug: string): boolean {
  return RESERVED.has(slug)
}

/** False for addresses at which there is no team, whoever asks. */
export function mayBeTeamSlug(slug: string): boolean {
  return SLUG_FORM.test(slug) && !isReservedSlug(slug)
}
