import type { Normalization } from '../../../../contract/normalization.ts'

/** How somebody else's programs name the layers of a family's networks, and what their layers do otherwise than ours. */
export interface Naming {
  /** Whose names they are. */
  title: string
  /** PyTorch has kernels as [out, in, height, width]; Keras and we as [height, width, in, out]. */
  layout: 'PYTORCH' | 'KERAS'
  /** Our name of a layer; undefined for one that our network does not have. */
  layerOf(name: string): string | undefined
  /** What is added to the variance before its root is taken. */
  epsilon: number
  /** Of pixels from 0 to 1 in RGB; null where the file itself says it, or nobody does. */
  normalization: Normalization | null
  /** Whether the first convolution sees blue first. */
  isBgr?: boolean
  /** What makes the network compute something else than where the weights come from. */
  difference?: string
}

type Rule = readonly [RegExp, string | ((...groups: string[]) => string | undefined)]

/** The first rule that fits a name says what it is with us: a text with `$1`, or a function of the groups. */
export function byRules(rules: readonly Rule[]): Naming['layerOf'] {
  return (name) => {
    for (const [pattern, target] of rules) {
      const match = pattern.exec(name)
      if (match) return typeof target === 'string' ? name.replace(pattern, target) : target(...match.slice(1))
    }
    return undefined
  }
}

/** Of the images that torchvision's and timm's weights were trained on. */
export const IMAGENET: Normalization = { means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225] }
/** From -1 to 1. */
export const HALF: Normalization = { means: [0.5, 0.5, 0.5], deviations: [0.5, 0.5, 0.5] }
/** Only centred, pixels from 0 to 255. */
export const CENTRED: Normalization = {
  means: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  deviations: [1 / 255, 1 / 255, 1 / 255],
}
