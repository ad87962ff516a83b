import { TrustedProxies } from '../../web/front/client-address.ts'
import type { ApiPlace } from '../../web/front/headers.ts'

/** An API with no proxy before its front. */
export function apiAt(origin: string, rest: Partial<ApiPlace> = {}): ApiPlace {
  return { origin, proxies: new TrustedProxies(), ...rest }
}
