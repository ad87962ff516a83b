/** Two students, the labels they both learn from, and the posteriors they hand each other. */
export function LessonDrawing() {
  return (
    <svg
      viewBox="0 0 380 260"
      className="w-full"
      role="img"
      aria-label="Two students learn from the labels and from each other"
    >
      <g fill="none" stroke="var(--mantine-color-dimmed)" strokeWidth="1.5">
        <path d="M190 62 C 190 100, 95 90, 95 128" />
        <path d="M190 62 C 190 100, 285 90, 285 128" />
      </g>
      <g fill="none" stroke="var(--mantine-color-anchor)" strokeWidth="2">
        <path d="M150 150 C 175 132, 205 132, 227 149" />
        <path d="m219.500 150.500 8.500-1-3-8" />
        <path d="M230 190 C 205 208, 175 208, 153 191" strokeDasharray="6 5" />
        <path d="m160.500 189.500-8.500 1 3 8" />
      </g>
      <g fontSize="13" textAnchor="middle" fill="var(--mantine-color-text)" fontWeight="500">
        <Box x={140} y={24} width={100} height={38} />
        <text x="190" y="48">
          labels
        </text>
        <Box x={40} y={128} width={110} height={84} />
        <text x="95" y="152">
          student a
        </text>
        <Bars x={64} heights={[12, 34, 8, 18]} />
        <Box x={230} y={128} width={110} height={84} />
        <text x="285" y="152">
          student b
        </text>
        <Bars x={254} heights={[9, 28, 14, 11]} />
      </g>
    </svg>
  )
}

function Box(props: { x: number; y: number; width: number; height: number }) {
  return (
    <rect
      {...props}
      rx="10"
      fill="var(--surface)"
      stroke="var(--mantine-color-default-border)"
      strokeWidth="1.5"
    />
  )
}

function Bars({ x, heights }: { x: number; heights: number[] }) {
  return heights.map((height, index) => (
    <rect
      // biome-ignore lint/suspicious/noArrayIndexKey: the bars are drawn once
      key={index}
      x={x + index * 17}
      y={200 - height}
      width="11"
      height={height}
      rx="2"
      fill="var(--mantine-color-anchor)"
      opacity={index === 1 ? 1 : 0.4}
    />
  ))
}
