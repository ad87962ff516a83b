/**
 * The catalogue of networks a student can be. It is plain data, so that the server can refuse an unknown name
 * without loading TensorFlow; workers/engine/architectures/index.ts must hold a builder for every family.
 */
export interface ArchitectureFamily {
  title: string
  /** Matches the whole name of a member of the family. */
  pattern: RegExp
  /** Members worth offering in a list; the pattern accepts more. */
  examples: readonly string[]
  description: string
}

export const ARCHITECTURE_FAMILIES = {
  resnet: {
    title: 'ResNet for small pictures',
    pattern: /^resnet-(8|14|20|26|32|38|44|50|56|110)$/,
    examples: ['resnet-8', 'resnet-14', 'resnet-20', 'resnet-32', 'resnet-44', 'resnet-56', 'resnet-110'],
    description:
      'Residual network of depth 6n+2 with 16, 32 and 64 channels (He et al. 2016, section 4.2). The paper’s ResNet-32 has 0.47 million parameters at 100 classes.',
  },
} as const satisfies Record<string, ArchitectureFamily>

export type ArchitectureFamilyName = keyof typeof ARCHITECTURE_FAMILIES

/** The family of an architecture's name, or undefined where no family knows it. */
export function familyOf(architecture: string): ArchitectureFamilyName | undefined {
  const entries = Object.entries(ARCHITECTURE_FAMILIES) as [ArchitectureFamilyName, ArchitectureFamily][]
  return entries.find(([, family]) => family.pattern.test(architecture))?.[0]
}

/** Every name that is offered in lists and completions. */
export function listedArchitectures(): string[] {
  return Object.values(ARCHITECTURE_FAMILIES).flatMap((family) => [...family.examples])
}
