/** The path of the Chromium that the tests use, or undefined where there is none. */
export function findChromium(): string | undefined
