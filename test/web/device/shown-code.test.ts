import { expect, it } from 'vitest'
import { shownCode } from '../../../web/features/device/shown-code.ts'

it('shows of a code the letters that the API goes by, and nothing else that a link brought', () => {
  expect(shownCode('bcdfghjk')).toBe('BCDF-GHJK')
  expect(shownCode(' BCDF-GHJK (１００％ 安全) ')).toBe('BCDF-GHJK')
  expect(shownCode('12 34')).toBe('')
})
