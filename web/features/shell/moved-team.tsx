'use client'

import { useQuery } from '@apollo/client/react'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { MissingPage } from '../../design/missing-page.tsx'
import { TeamAddressDocument } from '../../graphql/generated/operations.ts'

/** An address at which none of one's teams is: perhaps one that a team had a while ago, which leads to the new one. */
export function MovedTeam({ slug }: { slug: string }) {
  const router = useRouter()
  const pathname = usePathname()
  const { data, loading } = useQuery(TeamAddressDocument, {
    variables: { slug },
    fetchPolicy: 'network-only',
  })
  const moved = data?.team && data.team.slug !== slug ? data.team.slug : null
  useEffect(() => {
    if (moved) router.replace(pathname.replace(slug, moved) + location.search)
  }, [moved, slug, pathname, router])
  if (loading || moved) return <main aria-busy="true" />
  return (
    <main>
      <MissingPage what="team" />
    </main>
  )
}
