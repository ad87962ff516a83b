import { ImageResponse } from 'next/og'
import { Drawings } from '../../../features/shared/preview/drawings.ts'
import { PreviewPicture } from '../../../features/shared/preview/preview-picture.tsx'
import { type Preview, readPreview } from '../../../features/shared/preview/read-preview.ts'

export const size = { width: 1200, height: 630 }
export const contentType = 'image/png'
export const alt = 'Curves and figures of what the link shows'

const drawings = new Drawings<Preview>((preview) =>
  new ImageResponse(<PreviewPicture preview={preview} />, size).arrayBuffer(),
)

export default async function Image({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const { preview } = await readPreview(token)
  const headers = { 'cache-control': 'private, max-age=60', 'content-type': contentType }
  return new Response(await drawings.of(token, preview), { headers })
}
