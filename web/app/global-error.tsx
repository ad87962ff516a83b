'use client'

export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui', display: 'grid', placeItems: 'center', minHeight: '100vh' }}>
        <main style={{ textAlign: 'center' }}>
          <h1>Studyhall broke</h1>
          <p>Your data is safe; the fault is in the page.</p>
          <button type="button" onClick={reset}>
            Load it again
          </button>
        </main>
      </body>
    </html>
  )
}
