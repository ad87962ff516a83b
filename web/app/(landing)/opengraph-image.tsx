import { ImageResponse } from 'next/og'
import { formatCount, formatShare } from '../../design/format-numbers.ts'
import { PreviewPicture } from '../../features/shared/preview/preview-picture.tsx'
import {
  ENSEMBLE_TOP1,
  measuredUntil,
  STEPS,
  STUDENTS,
  TRAIN_COUNT,
} from '../../features/welcome/replayed-run.ts'

export const size = { width: 1200, height: 630 }
export const contentType = 'image/png'
export const alt = 'Test accuracy of two students that teach each other, epoch by epoch'

export default function Image() {
  const preview = {
    title: 'Small networks that teach each other',
    summary: `Two students of ${formatCount(STUDENTS[0]?.parameters ?? 0)} parameters on ${formatCount(TRAIN_COUNT)} images of Fashion-MNIST`,
    lines: STUDENTS.map(({ name }, i) => ({ label: name, ...measuredUntil(i, 'testTop1', STEPS) })),
    figures: [
      ...STUDENTS.map(({ name, top1 }) => ({ label: name, value: formatShare(top1) })),
      { label: 'ensemble', value: formatShare(ENSEMBLE_TOP1) },
    ],
  }
  return new ImageResponse(<PreviewPicture preview={preview} />, size)
}
