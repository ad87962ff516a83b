/** Encodings of old: what a byte string without a word on its encoding may be in. */

interface Decoder {
  decode(bytes?: Uint8Array, options?: { stream: boolean }): string
}

interface CodePage {
  title: string
  /** @param fatal  it throws where the bytes are no text in it, in place of giving U+FFFD */
  decoder(fatal: boolean): Decoder
}

/** The upper half of DOS' code pages, which nothing decodes any more. */
const DOS_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'
const DOS_850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
const DOS_852 =
  'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0'

/** By itself: Node 20 decodes the bytes from 80 to 9f of windows-1252 as ISO 8859-1 has them. */
const WINDOWS_1252 = `€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ${Array.from({ length: 96 }, (_, i) => String.fromCharCode(160 + i)).join('')}`

/** Among equally likely ones the first is taken: those of Windows before those of DOS. */
export const CODE_PAGES = {
  'windows-1252': byTable('windows-1252 (Western European)', WINDOWS_1252),
  'windows-1250': byIcu('windows-1250', 'Central European'),
  'windows-1251': byIcu('windows-1251', 'Cyrillic'),
  'windows-1253': byIcu('windows-1253', 'Greek'),
  cp850: byTable('DOS 850 (Western European)', DOS_850),
  cp437: byTable('DOS 437 (of the United States)', DOS_437),
  cp852: byTable('DOS 852 (Central European)', DOS_852),
  cp866: byIcu('ibm866', 'DOS, Cyrillic'),
  'koi8-r': byIcu('koi8-r', 'Cyrillic'),
  macintosh: byIcu('macintosh', 'old Macs'),
  shift_jis: byIcu('shift_jis', 'Japanese'),
  gb18030: byIcu('gb18030', 'Chinese'),
  big5: byIcu('big5', 'traditional Chinese'),
  'euc-kr': byIcu('euc-kr', 'Korean'),
} as const satisfies Record<string, CodePage>

export type CodePageName = keyof typeof CODE_PAGES

function byIcu(label: string, people: string): CodePage {
  return { title: `${label} (${people})`, decoder: (fatal) => new TextDecoder(label, { fatal }) }
}

function byTable(title: string, upper: string): CodePage {
  const decode = (bytes: Uint8Array = new Uint8Array()) =>
    Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : upper[byte - 128])).join('')
  return { title, decoder: () => ({ decode }) }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Undefined where the bytes are no text in it. */
export function decodeAs(encoding: 'utf-8' | CodePageName, bytes: Uint8Array): string | undefined {
  try {
    return encoding === 'utf-8' ? UTF_8.decode(bytes) : CODE_PAGES[encoding].decoder(true).decode(bytes)
  } catch {
    return undefined
  }
}
