import type { Role } from '../../graphql/generated/operations.ts'

/** From the most to the least. */
const ROLES: Role[] = ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER']

export const ROLE_WORDS: Record<Role, string> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  MEMBER: 'Member',
  VIEWER: 'Viewer',
}

export const ROLE_NOTES: Record<Role, string> = {
  OWNER: 'Everything, deleting the team included',
  ADMIN: 'Manages members and API keys as well',
  MEMBER: 'Uploads data, builds cohorts, starts runs',
  VIEWER: 'Looks and downloads',
}

/** What somebody in a role may give to others, and take from them. */
export function rolesUpTo(own: Role): Role[] {
  return ROLES.slice(ROLES.indexOf(own))
}

/** Nobody changes whoever stands above them, and below an admin nobody changes anybody. */
export function mayChange(own: Role, other: Role): boolean {
  return ['OWNER', 'ADMIN'].includes(own) && rolesUpTo(own).includes(other)
}
