import { lineStyle } from '../../../charts/line-style.ts'
import { drawableText } from './drawable-text.ts'
import { previewPaths } from './preview-paths.ts'
import type { Preview } from './read-preview.ts'

const CHART = { width: 1080, height: 230 }

/** What a link's preview looks like, 1200 by 630: title, figures and the curves of the test score. Neutral where nothing may be told. */
export function PreviewPicture({ preview }: { preview: Preview | null }) {
  const title = drawableText(preview?.title ?? 'A shared page', 60) || 'A shared page'
  const summary = drawableText(preview?.summary ?? 'Small networks that teach each other', 90)
  return (
    <div
      style={{
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'space-between',
        width: '100%',
        height: '100%',
        padding: 60,
        background: '#ffffff',
        color: '#18181b',
      }}
    >
      <div style={{ display: 'flex', flexDirection: 'column' }}>
        <div style={{ display: 'flex', fontSize: 26, color: '#52525b' }}>Studyhall</div>
        <div style={{ display: 'flex', fontSize: 58, fontWeight: 700 }}>{title}</div>
        <div style={{ display: 'flex', fontSize: 28, color: '#52525b' }}>{summary}</div>
      </div>
      {preview && preview.lines.length > 0 && <Curves lines={preview.lines} />}
      {preview && <Figures figures={preview.figures} />}
    </div>
  )
}

function Curves({ lines }: Pick<Preview, 'lines'>) {
  return (
    // Its renderer draws a title as text.
    <svg
      role="img"
      aria-label="Curves of the test score"
      width={CHART.width}
      height={CHART.height}
      viewBox={`0 0 ${CHART.width} ${CHART.height}`}
    >
      <path d={`M 0 ${CHART.height - 1} H ${CHART.width}`} stroke="#d4d4d8" strokeWidth="2" />
      {previewPaths(lines, CHART).map((path, i) => (
        <path
          key={lines[i]?.label}
          d={path}
          fill="none"
          stroke={lineStyle(i, 'light').colour}
          strokeWidth="5"
        />
      ))}
    </svg>
  )
}

function Figures({ figures }: Pick<Preview, 'figures'>) {
  return (
    <div style={{ display: 'flex', gap: 56 }}>
      {figures.map(({ label, value }) => (
        <div key={label} style={{ display: 'flex', flexDirection: 'column' }}>
          <div style={{ display: 'flex', fontSize: 44, fontWeight: 700 }}>{drawableText(value, 16)}</div>
          <div style={{ display: 'flex', fontSize: 24, color: '#52525b' }}>{drawableText(label, 20)}</div>
        </div>
      ))}
    </div>
  )
}
