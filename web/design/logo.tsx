/** The mark: two students side by side. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="8" fill="#4f55d3" />
      <circle cx="11" cy="12" r="3.5" fill="#fff" />
      <circle cx="21" cy="12" r="3.5" fill="#fff" fillOpacity=".75" />
      <path
        d="M6 23c1-4 3-6 5-6s4 2 5 6M16 23c1-4 3-6 5-6s4 2 5 6"
        fill="none"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  )
}
