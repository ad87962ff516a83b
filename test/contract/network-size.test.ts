import { describe, expect, it } from 'vitest'
import { ARCHITECTURE_FAMILIES } from '../../contract/architectures.ts'
import { sizeOfNetwork } from '../../contract/networks/network-size.ts'

const CIFAR = { height: 32, width: 32, channels: 3 }
const IMAGENET = { height: 224, width: 224, channels: 3 }

describe('the size of a network', () => {
  it('is known of every member of the catalogue', () => {
    const members = Object.values(ARCHITECTURE_FAMILIES).flatMap(({ members }) => [...members])
    expect(members.filter((name) => !sizeOfNetwork(name, CIFAR, 10))).toEqual([])
    expect(sizeOfNetwork('inception-v3', CIFAR, 10)).toBeNull()
  })

  // Published multiply-adds, in millions: torchvision's tables for 224 pixels; Howard et al. for MobileNet; and for
  // CIFAR, where option B's 1x1 shortcuts come on top of the usually quoted 69 and 127.
  it.each([
    ['imagenet-resnet-18', IMAGENET, 1000, 1814],
    ['imagenet-resnet-34', IMAGENET, 1000, 3664],
    ['imagenet-resnet-50', IMAGENET, 1000, 4089],
    ['mobilenet-v2', IMAGENET, 1000, 301],
    ['mobilenet', IMAGENET, 1000, 569],
    ['resnet-32', CIFAR, 10, 69],
    ['resnet-56', CIFAR, 10, 126],
    ['wrn-28-10', CIFAR, 10, 5245],
  ] as const)('of %s is as published', (name, input, classes, millions) => {
    const { multiplyAdds } = sizeOfNetwork(name, input, classes) ?? { multiplyAdds: 0 }
    expect(Math.abs(multiplyAdds / 1e6 / millions - 1)).toBeLessThan(0.01)
  })
})
