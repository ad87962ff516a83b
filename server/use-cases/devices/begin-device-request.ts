import { z } from 'zod'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import {
  DEVICE_CODE_SECONDS,
  hashDeviceCode,
  makeDeviceCode,
  makeUserCode,
  showUserCode,
} from './device-codes.ts'

const Input = z.object({ client_name: nameUpTo(NAME_LENGTHS.apiKey).default('A program') })
const ADDRESS_LENGTH = 64

/** Begins what somebody is to confirm in a browser. @param input  as RFC 8628 has it, with the program's name for people */
export async function beginDeviceRequest(
  { database, config }: Pick<Services, 'database' | 'config'>,
  address: string,
  input: unknown,
) {
  const { client_name: clientName } = parseInput(Input, (input ?? {}) as object)
  const deviceCode = makeDeviceCode()
  const userCode = makeUserCode()
  await database.deviceRequest.create({
    data: {
      id: hashDeviceCode(deviceCode),
      userCode,
      clientName,
      address: address.slice(0, ADDRESS_LENGTH),
      expiresAt: new Date(Date.now() + DEVICE_CODE_SECONDS * 1000),
    },
  })
  const shown = showUserCode(userCode)
  return {
    device_code: deviceCode,
    user_code: shown,
    verification_uri: `${config.publicOrigin}/device`,
    verification_uri_complete: `${config.publicOrigin}/device?code=${shown}`,
    expires_in: DEVICE_CODE_SECONDS,
  }
}
