import { publicUrl } from '../../public-url.ts'
import type {
  DownloadResolvers,
  IdentifiedPictureResolvers,
  LabelSuspectResolvers,
  TestPictureResolvers,
} from '../generated/resolvers.ts'

// What stands behind them knows paths alone.

export const Download: DownloadResolvers = {
  url: ({ url }, _, { services }) => publicUrl(services.config, url),
}

export const IdentifiedPicture: IdentifiedPictureResolvers = {
  url: ({ url }, _, { services }) => publicUrl(services.config, url),
}

export const LabelSuspect: LabelSuspectResolvers = {
  url: ({ url }, _, { services }) => publicUrl(services.config, url),
}

export const TestPicture: TestPictureResolvers = {
  url: ({ url }, _, { services }) => publicUrl(services.config, url),
}
