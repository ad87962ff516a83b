import { ImageResponse } from 'next/og'
import { PreviewPicture } from '../../../features/shared/preview/preview-picture.tsx'
import { readPreview } from '../../../features/shared/preview/read-preview.ts'

export const size = { width: 1200, height: 630 }
export const contentType = 'image/png'
export const alt = 'Curves and figures of what the link shows'

export default async function Image({ params }: { params: Promise<{ token: string }> }) {
  const { preview } = await readPreview((await params).token)
  const headers = { 'cache-control': 'private, max-age=60' }
  return new ImageResponse(<PreviewPicture preview={preview} />, { ...size, headers })
}
