const KEY = 'studyhall-last-team'

/** Called where a team's pages are opened. */
export function rememberTeam(slug: string): void {
  // A browser that keeps nothing begins with the first team.
  try {
    localStorage.setItem(KEY, slug)
  } catch {}
}

/** The team whose pages this browser showed last, if one still belongs to it; else the first one. */
export function teamToOpen<Team extends { slug: string }>(teams: readonly Team[]): Team | undefined {
  const last = readLast()
  return teams.find(({ slug }) => slug === last) ?? teams[0]
}

function readLast(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
