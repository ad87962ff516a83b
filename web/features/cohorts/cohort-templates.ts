/** Cohorts to begin with: the architectures of their students. */
export interface CohortTemplate {
  title: string
  architectures: readonly string[]
}

export const USUAL_TEMPLATES: readonly CohortTemplate[] = [
  { title: 'Pair of equals', architectures: ['resnet-20', 'resnet-20'] },
  { title: 'Small with large', architectures: ['resnet-14', 'resnet-56'] },
  { title: 'Four of a kind', architectures: ['resnet-20', 'resnet-20', 'resnet-20', 'resnet-20'] },
]

/** Of tables 2 and 3 of the paper. */
export const PAPER_TEMPLATES: readonly CohortTemplate[] = [
  { title: 'ResNet-32 and ResNet-32', architectures: ['resnet-32', 'resnet-32'] },
  { title: 'WRN-28-10 and ResNet-32', architectures: ['wrn-28-10', 'resnet-32'] },
  { title: 'MobileNet and ResNet-32', architectures: ['mobilenet', 'resnet-32'] },
  { title: 'MobileNet and MobileNet', architectures: ['mobilenet', 'mobilenet'] },
  { title: 'WRN-28-10 and MobileNet', architectures: ['wrn-28-10', 'mobilenet'] },
  { title: 'WRN-28-10 and WRN-28-10', architectures: ['wrn-28-10', 'wrn-28-10'] },
  { title: 'InceptionV1 and MobileNet', architectures: ['inception-v1', 'mobilenet'] },
]
