import type { Metadata } from 'next'
import { readPreview } from '../../../features/shared/preview/read-preview.ts'
import { SharedPage } from '../../../features/shared/shared-page.tsx'

type Props = { params: Promise<{ token: string }> }

/** What previews of the link tell; of one that asks for a password, or is over, nothing. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { preview, publicOrigin } = await readPreview((await params).token)
  const title = preview?.title ?? 'Shared page'
  const description = preview?.summary ?? 'Small networks that teach each other.'
  return {
    metadataBase: new URL(publicOrigin),
    title,
    description,
    robots: { index: false, follow: false, noarchive: true },
    referrer: 'no-referrer',
    openGraph: { title, description, siteName: 'Studyhall', type: 'website' },
    twitter: { card: 'summary_large_image', title, description },
  }
}

export default async function Page({ params }: Props) {
  return <SharedPage token={(await params).token} />
}
