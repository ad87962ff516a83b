import { type CodePageName, decodeAs } from './code-pages.ts'

/** Letters that make up most of what is written in a script, and the accents of Western and of Central Europe. */
const FREQUENT = {
  cyrillic: 'оеаинтсрвлкмдпуябзгь',
  greek: 'αοιετσνηυρπκμλςόάίέή',
  western: 'äöüßéèêëàâáåóòôõúùûíìîïñçã',
  central: 'ąćęłńśźżčďěňřšťůýžőűășțşţ',
  hangul:
    '이다는에의고하을가로기지사한은도를서리시대어나자인부정수스해일그전라제있으보주과아장비만들동상구여원국러유성트선생조안경소신공관간모회오연면방학무마드치니거진중우물내계발게문미세위적작업분실행저통산민와양크습체레반결파재차데영명불당금예남식속토별역능단름화포복표터력합각태노바건직음품많호프알요운개현말판령두함감배권집법류련외근살르색루격야청초목손종질승입변강험년월및후같훈검증빨간파란귤닭소말새꽃별집양',
}

/** The first and last pair of bytes of the ideographs that each standard put first, as the commonest ones. */
const COMMON_HAN: Partial<Record<CodePageName, readonly [first: number, last: number]>> = {
  gb18030: [0xb0a1, 0xd7f9],
  big5: [0xa440, 0xc67e],
  shift_jis: [0x889f, 0x9872],
}

/** Each is made when it is first asked for: that takes a tenth of a second, and few texts need it. */
const commonHan = new Map<CodePageName, ReadonlySet<string>>()

function commonHanOf(name: CodePageName): ReadonlySet<string> {
  const made = commonHan.get(name) ?? charactersIn(name, COMMON_HAN[name])
  commonHan.set(name, made)
  return made
}

function charactersIn(
  name: CodePageName,
  [first, last]: readonly [number, number] = [0, -1],
): ReadonlySet<string> {
  const found = new Set<string>()
  for (let pair = first; pair <= last; pair++) {
    const character = decodeAs(name, Uint8Array.of(pair >> 8, pair & 0xff))
    if (character && /^\p{Script=Han}$/u.test(character)) found.add(character)
  }
  return found
}

/** How likely each character of a word that is not ASCII is to have been meant, from 1 down. */
export function scoreWord(word: string, name: CodePageName): number[] {
  const isMixed =
    /[a-z]/i.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hangul}]/u.test(word)
  const hasStrayCapital = /\p{Ll}\p{Lu}/u.test(word) && !/^[\0-\x7f]*$/.test(word)
  const scores = [...word]
    .filter((character) => character > '\x7f')
    .map((character) => scoreCharacter(character, word, name))
  const penalty = (isMixed ? 1.5 : 0) + (hasStrayCapital ? 0.8 : 0)
  return scores.map((score) => score - penalty)
}

function scoreCharacter(character: string, word: string, name: CodePageName): number {
  if (/[\p{Script=Hiragana}\u30a1-\u30fc]/u.test(character)) return 1
  if (/\p{Script=Hangul}/u.test(character)) return scoreHangul(character, word)
  if (/\p{Script=Han}/u.test(character)) return commonHanOf(name).has(character) ? 0.95 : 0.1
  // Half-width katakana: in Shift_JIS any byte from a1 to df alone.
  if (/[\uff61-\uff9f]/.test(character)) return -0.5
  const small = character.toLowerCase()
  if (/\p{Script=Cyrillic}/u.test(character)) return scoreLetter(FREQUENT.cyrillic.includes(small), word)
  if (/\p{Script=Greek}/u.test(character)) return scoreLetter(FREQUENT.greek.includes(small), word)
  if (/\p{L}/u.test(character)) return scoreLatin(small, word)
  return /[«»“”‘’–—°§№、。・「」（）]/u.test(character) ? -0.3 : -2
}

/** Korean is hardly written with ideographs any more, and with few of the syllables that there could be. */
function scoreHangul(character: string, word: string): number {
  if (/\p{Script=Han}/u.test(word)) return -0.5
  return FREQUENT.hangul.includes(character) ? 1 : 0.3
}

function scoreLetter(isFrequent: boolean, word: string): number {
  const shouts = word.length > 1 && word === word.toUpperCase()
  return (isFrequent ? 0.95 : 0.7) - (word.length === 1 ? 0.6 : 0) - (shouts ? 0.3 : 0)
}

/** Accents stand among plain letters: a word of nothing else is another script misread. */
function scoreLatin(small: string, word: string): number {
  const rate = FREQUENT.western.includes(small)
    ? 0.9
    : FREQUENT.central.includes(small)
      ? 0.75
      : 'æøœþð'.includes(small)
        ? 0.7
        : 0
  const accents = [...word].filter((character) => character > '\x7f').length
  return accents > 2 && 2 * accents > word.length ? rate - 0.8 : rate
}
