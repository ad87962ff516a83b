import type { SplitName } from '../../../contract/packed/manifest.ts'
import { publicUrl } from '../../public-url.ts'
import { picturePath } from '../../use-cases/datasets/picture-path.ts'
import type {
  DownloadResolvers,
  IdentifiedPictureResolvers,
  LabelSuspectResolvers,
  PicturePlaceResolvers,
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

export const PicturePlace: PicturePlaceResolvers = {
  url: ({ versionId, split, index }, _, { services }) =>
    publicUrl(services.config, picturePath(versionId, split as SplitName, index)),
}

export const TestPicture: TestPictureResolvers = {
  url: ({ url }, _, { services }) => publicUrl(services.config, url),
}
