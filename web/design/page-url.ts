/** The page at hand with other parameters. */
export function pageUrl(parameters: URLSearchParams): string {
  const text = parameters.toString()
  return text ? `${location.pathname}?${text}` : location.pathname
}
