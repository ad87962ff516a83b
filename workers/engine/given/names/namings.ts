import type { ArchitectureFamilyName } from '../../../../contract/architectures.ts'
import { byRules, CENTRED, HALF, IMAGENET, type Naming } from './naming.ts'

const PYTORCH = { layout: 'PYTORCH', epsilon: 1e-5, normalization: IMAGENET } as const
const KERAS = { layout: 'KERAS', epsilon: 1e-3, normalization: HALF } as const

const PADDING =
  'Keras pads after the last pixel where the stride is 2, and this network on all sides: features are off by a part of a pixel until it has been trained'

const next = (number: string) => Number(number) + 1

/** Keras and our own files: our layers by their own names. */
const OWN: Naming = {
  title: 'Studyhall',
  layout: 'KERAS',
  epsilon: 1e-5,
  normalization: null,
  layerOf: (name) =>
    /^(stem|stage\d+_block\d+_\w+|block\d+_\w+|conv\d+(_reduce)?(_bn)?|module\w+|last(_bn)?|stem_bn|logits|normalization)$/.test(
      name,
    )
      ? name
      : undefined,
}

/** Torchvision's, timm's and most others': `layer1.0.conv1`. */
const TORCH_RESNET = byRules([
  [/^conv1$/, 'stem'],
  [/^bn1$/, 'stem_bn'],
  [/^layer(\d)\.(\d+)\.conv(\d)$/, (stage, block, k) => `stage${stage}_block${next(block ?? '')}_conv${k}`],
  [/^layer(\d)\.(\d+)\.bn(\d)$/, (stage, block, k) => `stage${stage}_block${next(block ?? '')}_conv${k}_bn`],
  [
    /^layer(\d)\.(\d+)\.(?:downsample|shortcut)\.0$/,
    (stage, block) => `stage${stage}_block${next(block ?? '')}_shortcut`,
  ],
  [
    /^layer(\d)\.(\d+)\.(?:downsample|shortcut)\.1$/,
    (stage, block) => `stage${stage}_block${next(block ?? '')}_shortcut_bn`,
  ],
  [/^(fc|linear)$/, 'logits'],
])

const KERAS_RESNET = byRules([
  [/^conv1_conv$/, 'stem'],
  [/^conv1_bn$/, 'stem_bn'],
  [/^conv(\d)_block(\d+)_0_conv$/, (stage, block) => `stage${Number(stage) - 1}_block${block}_shortcut`],
  [/^conv(\d)_block(\d+)_0_bn$/, (stage, block) => `stage${Number(stage) - 1}_block${block}_shortcut_bn`],
  [
    /^conv(\d)_block(\d+)_(\d)_conv$/,
    (stage, block, k) => `stage${Number(stage) - 1}_block${block}_conv${k}`,
  ],
  [
    /^conv(\d)_block(\d+)_(\d)_bn$/,
    (stage, block, k) => `stage${Number(stage) - 1}_block${block}_conv${k}_bn`,
  ],
  [/^(predictions|probs)$/, 'logits'],
])

const TORCHVISION_MOBILENET_V2 = byRules([
  [/^features\.0\.0$/, 'stem'],
  [/^features\.0\.1$/, 'stem_bn'],
  [/^features\.18\.0$/, 'last'],
  [/^features\.18\.1$/, 'last_bn'],
  [/^classifier\.1$/, 'logits'],
  // The first block does not expand.
  [/^features\.1\.conv\.0\.0$/, 'block1_depthwise'],
  [/^features\.1\.conv\.0\.1$/, 'block1_depthwise_bn'],
  [/^features\.1\.conv\.1$/, 'block1_project'],
  [/^features\.1\.conv\.2$/, 'block1_project_bn'],
  [/^features\.(\d+)\.conv\.0\.0$/, 'block$1_expand'],
  [/^features\.(\d+)\.conv\.0\.1$/, 'block$1_expand_bn'],
  [/^features\.(\d+)\.conv\.1\.0$/, 'block$1_depthwise'],
  [/^features\.(\d+)\.conv\.1\.1$/, 'block$1_depthwise_bn'],
  [/^features\.(\d+)\.conv\.2$/, 'block$1_project'],
  [/^features\.(\d+)\.conv\.3$/, 'block$1_project_bn'],
])

/** Blocks before each of timm's stages. */
const BEFORE_STAGE = { v1: [0, 1, 3, 5, 11], v2: [0, 1, 3, 6, 10, 13, 16] }
const timmBlock = (version: 'v1' | 'v2', stage = '', block = '') => {
  const before = BEFORE_STAGE[version][Number(stage)]
  return before === undefined ? undefined : `block${before + Number(block) + 1}`
}
const timmLayer =
  (version: 'v1' | 'v2', parts: Record<string, string>) =>
  (stage = '', block = '', part = '') => {
    const [name, ours] = [timmBlock(version, stage, block), parts[part]]
    return name && ours && `${name}_${ours}`
  }

const TIMM_MOBILENET_V2 = byRules([
  [/^conv_stem$/, 'stem'],
  [/^bn1$/, 'stem_bn'],
  [/^conv_head$/, 'last'],
  [/^bn2$/, 'last_bn'],
  [/^classifier$/, 'logits'],
  [
    /^blocks\.(0)\.(\d+)\.(\w+)$/,
    timmLayer('v2', { conv_dw: 'depthwise', bn1: 'depthwise_bn', conv_pw: 'project', bn2: 'project_bn' }),
  ],
  [
    /^blocks\.(\d)\.(\d+)\.(\w+)$/,
    timmLayer('v2', {
      ...{ conv_pw: 'expand', bn1: 'expand_bn', conv_dw: 'depthwise', bn2: 'depthwise_bn' },
      ...{ conv_pwl: 'project', bn3: 'project_bn' },
    }),
  ],
])

const KERAS_MOBILENET_V2 = byRules([
  [/^Conv1$/, 'stem'],
  [/^bn_Conv1$/, 'stem_bn'],
  [/^expanded_conv_(depthwise|project)$/, 'block1_$1'],
  [/^expanded_conv_(depthwise|project)_BN$/, 'block1_$1_bn'],
  [/^block_(\d+)_(expand|depthwise|project)$/, (block, part) => `block${next(block ?? '')}_${part}`],
  [/^block_(\d+)_(expand|depthwise|project)_BN$/, (block, part) => `block${next(block ?? '')}_${part}_bn`],
  [/^Conv_1$/, 'last'],
  [/^Conv_1_bn$/, 'last_bn'],
  [/^(predictions|Logits)$/, 'logits'],
])

const TIMM_MOBILENET_V1 = byRules([
  [/^conv_stem$/, 'stem'],
  [/^bn1$/, 'stem_bn'],
  [/^classifier$/, 'logits'],
  [
    /^blocks\.(\d)\.(\d+)\.(\w+)$/,
    timmLayer('v1', { conv_dw: 'depthwise', bn1: 'depthwise_bn', conv_pw: 'pointwise', bn2: 'pointwise_bn' }),
  ],
])

const KERAS_MOBILENET_V1 = byRules([
  [/^conv1$/, 'stem'],
  [/^conv1_bn$/, 'stem_bn'],
  [/^conv_dw_(\d+)$/, 'block$1_depthwise'],
  [/^conv_dw_(\d+)_bn$/, 'block$1_depthwise_bn'],
  [/^conv_pw_(\d+)$/, 'block$1_pointwise'],
  [/^conv_pw_(\d+)_bn$/, 'block$1_pointwise_bn'],
  [/^(conv_preds|predictions)$/, 'logits'],
])

const TORCHVISION_GOOGLENET = byRules([
  [/^conv1\.conv$/, 'stem'],
  [/^conv1\.bn$/, 'stem_bn'],
  [/^conv2\.conv$/, 'conv2_reduce'],
  [/^conv2\.bn$/, 'conv2_reduce_bn'],
  [/^conv3\.conv$/, 'conv2'],
  [/^conv3\.bn$/, 'conv2_bn'],
  [
    /^inception(\d[a-e])\.(branch\d(?:\.\d)?)\.(conv|bn)$/,
    (module, branch, part) => {
      const ours = {
        ...{ branch1: '1x1', 'branch2.0': '3x3_reduce', 'branch2.1': '3x3' },
        ...{ 'branch3.0': '5x5_reduce', 'branch3.1': '5x5', 'branch4.1': 'pool_1x1' },
      }[branch ?? '']
      return ours && `module${module}_${ours}${part === 'bn' ? '_bn' : ''}`
    },
  ],
  [/^fc$/, 'logits'],
])

/** Zagoruyko's, as PyTorch programs have it. */
const TORCH_WIDE_RESNET = byRules([
  [/^conv1$/, 'stem'],
  [/^bn1$/, 'last_bn'],
  [/^(fc|linear)$/, 'logits'],
  [/^block(\d)\.layer\.(\d+)\.bn1$/, (stage, block) => `stage${stage}_block${next(block ?? '')}_input_bn`],
  [/^block(\d)\.layer\.(\d+)\.bn2$/, (stage, block) => `stage${stage}_block${next(block ?? '')}_conv1_bn`],
  [
    /^block(\d)\.layer\.(\d+)\.conv(\d)$/,
    (stage, block, k) => `stage${stage}_block${next(block ?? '')}_conv${k}`,
  ],
  [
    /^block(\d)\.layer\.(\d+)\.convShortcut$/,
    (stage, block) => `stage${stage}_block${next(block ?? '')}_shortcut`,
  ],
])

/** Whose names are known of each family's networks, ours first. */
export const NAMINGS: Record<ArchitectureFamilyName, readonly Naming[]> = {
  'imagenet-resnet': [
    OWN,
    { ...PYTORCH, title: 'torchvision and timm', layerOf: TORCH_RESNET },
    {
      ...KERAS,
      title: 'Keras',
      layerOf: KERAS_RESNET,
      epsilon: 1.001e-5,
      normalization: CENTRED,
      isBgr: true,
      difference:
        'Keras’ bottlenecks shrink in their first convolution, and these in their 3x3 one: features are off until it has been trained',
    },
  ],
  'mobilenet-v2': [
    OWN,
    { ...PYTORCH, title: 'torchvision', layerOf: TORCHVISION_MOBILENET_V2 },
    { ...PYTORCH, title: 'timm', layerOf: TIMM_MOBILENET_V2 },
    { ...KERAS, title: 'Keras', layerOf: KERAS_MOBILENET_V2, difference: PADDING },
  ],
  mobilenet: [
    OWN,
    {
      ...PYTORCH,
      title: 'timm',
      layerOf: TIMM_MOBILENET_V1,
      difference:
        'timm pads on all sides where the stride is 2, and its activations end at 6; this network pads after the last pixel, and its activations do not end: features are a little off until it has been trained',
    },
    {
      ...{ ...KERAS, title: 'Keras', layerOf: KERAS_MOBILENET_V1 },
      difference:
        'Keras’ activations end at 6, and this network’s do not: features are a little off until it has been trained',
    },
  ],
  'inception-v1': [
    OWN,
    {
      ...{ ...PYTORCH, title: 'torchvision', layerOf: TORCHVISION_GOOGLENET, epsilon: 1e-3 },
      normalization: HALF,
      difference: 'torchvision’s 5x5 convolutions are 3x3, and do not fit',
    },
  ],
  resnet: [OWN, { ...PYTORCH, title: 'PyTorch', layerOf: TORCH_RESNET, normalization: null }],
  wrn: [OWN, { ...PYTORCH, title: 'PyTorch', layerOf: TORCH_WIDE_RESNET, normalization: null }],
  convnet: [OWN],
}
