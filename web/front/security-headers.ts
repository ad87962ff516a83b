/** What browsers may do with an answer from the pages' port, whether a page or the API gave it; the API's own words win. */
export function securityHeaders({ development }: { development: boolean }): Map<string, string> {
  const contentSecurityPolicy = [
    "default-src 'self'",
    // Next streams its data in inline scripts. hash-wasm compiles WebAssembly; React's development build uses eval.
    `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  return new Map([
    ['content-security-policy', contentSecurityPolicy],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['referrer-policy', 'strict-origin-when-cross-origin'],
    ['permissions-policy', 'camera=(), microphone=(), geolocation=()'],
  ])
}
