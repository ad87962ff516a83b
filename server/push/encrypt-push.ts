import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/** A single record. */
const RECORD_BYTES = 4096
/** Of what push services have to take, 4,096 bytes, without header, delimiter and tag (RFC 8291, 4). */
const MAX_MESSAGE_BYTES = 3993
/** Ends the last record (RFC 8188). */
const DELIMITER = Buffer.of(2)

/** What a browser gave for messages to it, in base64url. */
export interface PushKeys {
  /** Its point on P-256, uncompressed. */
  p256dh: string
  /** 16 bytes. */
  auth: string
}

/**
 * Encrypts a message so that the browser alone reads it, and not its push service: `aes128gcm` of RFC 8291.
 * @param own  salt and private key of this message, drawn unless given
 * @throws where `p256dh` is no point of the curve, or the message is too long
 */
export function encryptPush(
  message: string,
  { p256dh, auth }: PushKeys,
  own: { salt?: Buffer; privateKey?: Buffer } = {},
): Buffer {
  const text = Buffer.from(message)
  if (text.length > MAX_MESSAGE_BYTES)
    throw new Error(`a message of ${text.length} bytes is too long to push`)
  const salt = own.salt ?? randomBytes(16)
  const sender = createECDH('prime256v1')
  if (own.privateKey) sender.setPrivateKey(own.privateKey)
  else sender.generateKeys()
  const [theirs, ours] = [Buffer.from(p256dh, 'base64url'), sender.getPublicKey()]
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const secret = derive(sender.computeSecret(theirs), Buffer.from(auth, 'base64url'), info, 32)
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const sealed = Buffer.concat([
    cipher.update(text),
    cipher.update(DELIMITER),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  const header = Buffer.alloc(5)
  header.writeUInt32BE(RECORD_BYTES)
  header.writeUInt8(ours.length, 4)
  return Buffer.concat([salt, header, ours, sealed])
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, byteLength: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, byteLength))
}
