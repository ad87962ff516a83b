import { createHash, randomBytes, randomInt } from 'node:crypto'

/** How long a code is good, and how often a program may ask whether it was confirmed. */
export const DEVICE_CODE_SECONDS = 10 * 60
export const DEVICE_POLL_SECONDS = 5

/** Letters that nobody takes for another one, and of which no words come (RFC 8628, section 6.1): 34 bits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const CODE_LENGTH = 8

/** What the program keeps to itself. The table has its hash alone. */
export function makeDeviceCode(): string {
  return randomBytes(32).toString('base64url')
}

export function hashDeviceCode(code: string): string {
  return createHash('sha256').update(code).digest('hex')
}

/** What a person reads in the terminal and finds in the page. */
export function makeUserCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

/** As it stands in the table, however somebody wrote it. */
export function readUserCode(text: string): string {
  return text
    .slice(0, 64)
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
}

/** As people read it. */
export function showUserCode(code: string): string {
  return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`
}
