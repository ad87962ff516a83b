/** Where a finished run is that everybody may look at; no token of a shared link is such a word. */
export const EXAMPLE_PATH = '/shared/example'
