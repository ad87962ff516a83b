import { expect, it } from 'vitest'
import type { Receipt } from '../../../contract/runs/receipt.ts'
import {
  cardWithoutOrigins,
  receiptWithoutOrigins,
} from '../../../server/use-cases/sharing/without-origins.ts'

it('row 67: a shared card names neither other runs of the team nor the processor', () => {
  const card = [
    '| ada began with | resnet of run 12, named as Studyhall names layers; sha256 `12ab`; licence: not stated |',
    '| execution | EXACT on Some Processor |',
    'Not stated: whoever owns it. It was made out of resnet of run 12 (not stated), whose licence holds for it as well.',
    'A network of 12 parameters, trained alone.',
  ].join('\n')
  expect(cardWithoutOrigins(card).split('\n')).toEqual([
    '| ada began with | other weights, named as Studyhall names layers; sha256 `12ab`; licence: not stated |',
    '| execution | EXACT |',
    'Not stated: whoever owns it. It was made out of other weights, whose licence holds for it as well.',
    'A network of 12 parameters, trained alone.',
  ])
})

it('row 67: a shared receipt tells what its students began with by its hash alone', () => {
  const source = { name: 'resnet of run 12', modelId: 'mdl_12', sha256: '12ab', form: 'MODEL' }
  const students = [{ name: 'ada', start: { sha256: '34cd', source } }, { name: 'grace' }]
  const shared = receiptWithoutOrigins({ seed: 1, cohort: { students } } as unknown as Receipt)
  const told = { name: 'other weights', sha256: '12ab', form: 'MODEL' }
  expect(shared).toEqual({
    seed: 1,
    cohort: { students: [{ name: 'ada', start: { sha256: '34cd', source: told } }, { name: 'grace' }] },
  })
})
