import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto'
import { canonicalJson, type Receipt, type SignedReceipt } from '../../contract/runs/receipt.ts'

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The instance's key, derived from its secret, so that there is nothing else to keep. */
export class ReceiptKey {
  readonly #key: KeyObject
  readonly publicKey: string

  constructor(authSecret: string) {
    const seed = Buffer.from(hkdfSync('sha256', authSecret, '', 'studyhall receipts', 32))
    this.#key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
    this.publicKey = createPublicKey(this.#key).export({ format: 'der', type: 'spki' }).toString('base64url')
  }

  sign(receipt: Receipt): SignedReceipt {
    const value = sign(null, Buffer.from(canonicalJson(receipt)), this.#key).toString('base64url')
    return { receipt, signature: { algorithm: 'Ed25519', publicKey: this.publicKey, value } }
  }
}
