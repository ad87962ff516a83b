/** The format of a team's slug. */
export const SLUG_FORM = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/

/**
 * Slugs that no team may have: they lead to pages or to the API, are requested by probes and browsers, or are
 * reserved for future pages.
 */
const RESERVED = new Set([
  // Pages (web/app) and what the front forwards to the API.
  ...['sign-in', 'sign-up', 'device', 'api', 'graphql', 'mcp', 'uploads', 'files', 'pictures', 'thumbnails'],
  // Probes, and what people and programs expect of a site.
  ...[
    'healthz',
    'readyz',
    'livez',
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

/** False for slugs that no team can have. */
export function mayBeTeamSlug(slug: string): boolean {
  return SLUG_FORM.test(slug) && !isReservedSlug(slug)
}
