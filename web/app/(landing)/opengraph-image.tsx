import { ImageResponse } from 'next/og'
import { formatCount, formatShare } from '../../design/format-numbers.ts'
import { PreviewPicture } from '../../features/shared/preview/preview-picture.tsx'
import { measuredUntil, RUN } from '../../features/welcome/replayed-run.ts'

export const size = { width: 1200, height: 630 }
export const contentType = 'image/png'
export const alt = 'Test accuracy of two students that teach each other, epoch by epoch'

export default function Image() {
  const preview = {
    title: 'Small networks that teach each other',
    summary: `Two students of ${formatCount(RUN.students[0]?.parameters ?? 0)} parameters on ${formatCount(RUN.dataset.train)} images of Fashion-MNIST`,
    lines: RUN.students.map(({ name }, i) => ({ label: name, ...measuredUntil(i, 'testTop1', RUN.steps) })),
    figures: [
      ...RUN.students.map(({ name, top1 }) => ({ label: name, value: formatShare(top1) })),
      { label: 'ensemble', value: formatShare(RUN.ensembleTop1) },
    ],
  }
  return new ImageResponse(<PreviewPicture preview={preview} />, size)
}
