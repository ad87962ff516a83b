import { describe, expect, it } from 'vitest'
import { type Card, parseCards, visibleCards } from '../../../workers/devices/cards.ts'
import { cardsDevice, findDevice } from '../../../workers/devices/find-device.ts'
import { Slots } from '../../../workers/devices/slots.ts'

const GIB = 1024 ** 3
const ANSWER = `0, GPU-1111aaaa-0000-0000-0000-000000000000, NVIDIA A100-SXM4-80GB, 81920
1, GPU-2222bbbb-0000-0000-0000-000000000000, NVIDIA A100-SXM4-80GB, 81920
Unable to determine the device handle for GPU0000:C1:00.0: Unknown Error
3, GPU-4444dddd-0000-0000-0000-000000000000, Tesla T4, 15360
`
const CARDS = parseCards(ANSWER)
const indices = (cards: readonly Card[]) => cards.map(({ index }) => index)

describe('the cards of a machine', () => {
  it('are read from what nvidia-smi tells, without those that it cannot reach', () => {
    expect(CARDS[0]).toEqual({
      index: 0,
      uuid: 'GPU-1111aaaa-0000-0000-0000-000000000000',
      name: 'NVIDIA A100-SXM4-80GB',
      memoryBytes: 80 * GIB,
      driver: null,
    })
    expect(parseCards('0, GPU-1, NVIDIA L4, 23034, 570.86.15')[0]).toMatchObject({ driver: '570.86.15' })
    expect(indices(CARDS)).toEqual([0, 1, 3])
    expect(parseCards('')).toEqual([])
    expect(parseCards('NVIDIA-SMI has failed because it couldn’t communicate with the driver.')).toEqual([])
  })

  it('are those that CUDA_VISIBLE_DEVICES leaves, as CUDA reads it', () => {
    expect(indices(visibleCards(CARDS, undefined))).toEqual([0, 1, 3])
    expect(indices(visibleCards(CARDS, '3,0'))).toEqual([3, 0])
    expect(indices(visibleCards(CARDS, 'GPU-2222'))).toEqual([1])
    expect(indices(visibleCards(CARDS, '0,-1,1'))).toEqual([0])
    expect(indices(visibleCards(CARDS, ''))).toEqual([])
  })

  it('are given to one training process each, and again once it has ended', () => {
    const device = cardsDevice(CARDS, 1)
    expect(device).toMatchObject({
      kind: 'GPU',
      memoryBytes: 15 * GIB,
      name: '3 × NVIDIA A100-SXM4-80GB, Tesla T4',
    })
    const slots = new Slots(device.slots)
    const taken = [slots.take()!, slots.take()!, slots.take()!]
    expect(taken.map(({ environment }) => environment.CUDA_VISIBLE_DEVICES)).toEqual(
      CARDS.map(({ uuid }) => uuid),
    )
    expect(slots.take()).toBeNull()
    taken[1]!.release()
    taken[1]!.release()
    expect(slots.take()!.environment.CUDA_VISIBLE_DEVICES).toBe(CARDS[1]!.uuid)
    expect(slots.take()).toBeNull()
  })

  it('get a second process each only when every card has one', () => {
    const visible = cardsDevice(CARDS.slice(0, 2), 2).slots.map((slot) => slot.CUDA_VISIBLE_DEVICES)
    expect(visible).toEqual([CARDS[0]!.uuid, CARDS[1]!.uuid, CARDS[0]!.uuid, CARDS[1]!.uuid])
  })
})

describe('a machine whose cards are left alone', () => {
  it('trains on its processor, so many runs at a time', () => {
    const device = findDevice({ wanted: 'cpu', trainings: 3 }, { trainingEnvironment: {} })
    expect(device).toMatchObject({ kind: 'CPU', memoryBytes: null, slots: [{}, {}, {}] })
    expect(device.name).not.toBe('')
  })
})
