import { ErrorNotice } from './error-notice.tsx'
import { LoadingRows } from './loading-rows.tsx'

interface Props {
  /** What went wrong: “The keys could not be loaded”. */
  title: string
  error: Error | null | undefined
  onRetry: () => void
  rows?: number
  height?: number
}

/** In place of a list that is not there: it is on its way, or could not be loaded. */
export function NotLoaded({ title, error, onRetry, ...size }: Props) {
  if (!error) return <LoadingRows {...size} />
  return (
    <div className="p-4">
      <ErrorNotice title={title} error={error} onRetry={onRetry} />
    </div>
  )
}
