import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { canonicalJson, type Receipt, SignedReceipt } from '../../contract/runs/receipt.ts'
import { UsageError } from '../train/usage-error.ts'

/** Reads a receipt. @throws UsageError where it is none, or is not what was signed */
export function readReceipt(file: string): Receipt {
  const { receipt, signature, signed } = parse(file)
  if (!isSigned(canonicalJson(signed), signature))
    throw new UsageError(
      `${file} was changed after it was signed: its signature does not fit. Get the receipt again from the run’s page.`,
    )
  return receipt
}

/** @returns also what was signed: the receipt as it stands, without the settings that one from before lacks */
function parse(file: string): SignedReceipt & { signed: unknown } {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8'))
    return { ...SignedReceipt.parse(content), signed: content.receipt }
  } catch (error) {
    throw new UsageError(`${file} is no receipt: ${(error as Error).message}`)
  }
}

function isSigned(text: string, { publicKey, value }: SignedReceipt['signature']): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
    return verify(null, Buffer.from(text), key, Buffer.from(value, 'base64url'))
  } catch {
    return false
  }
}
