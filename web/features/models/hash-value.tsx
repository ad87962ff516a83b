import { CopyValue } from '../../design/copy-value.tsx'

/** An abbreviated SHA-256, with a button that copies it in full. */
export function HashValue({ sha256, of }: { sha256: string; of: string }) {
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <code className="font-mono text-xs" title={sha256}>
        {sha256.slice(0, 12)}…
      </code>
      <CopyValue value={sha256} label={`Copy the SHA-256 of ${of}`} />
    </span>
  )
}
