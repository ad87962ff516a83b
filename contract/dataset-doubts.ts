import { z } from 'zod'

/**
 * Ways in which data may have been misinterpreted. A doubt alone never stops an import; it is reported before
 * training, with a remedy.
 */
export const DOUBT_KINDS = [
  /** A folder treated as a class has the name of a split. */
  'SPLIT_NAMED_CLASS',
  /** Several folders contain the same subfolders: either level may be the classes. */
  'REPEATED_CLASSES',
  /** Folders named like folds of a cross-validation. */
  'FOLDS',
  /** Images that look like masks of other images. */
  'MASKS',
  /** Most classes have a single image: folders may stand for images, not classes. */
  'SINGLE_IMAGE_CLASSES',
  /** A class with training images only, which is never tested. */
  'CLASS_IN_ONE_SPLIT',
  /** A folder among the classes without images. */
  'EMPTY_CLASS',
  /** A class that was dropped because none of its images can be read. */
  'UNREADABLE_CLASS',
  /** Classes whose names differ only in capitals, spaces or the way a number is written. */
  'ALIKE_CLASSES',
  /** A class whose name suggests that a label is missing: NaN, null. */
  'MISSING_AS_CLASS',
  /** Images that seem to have several labels each; one each is learned. */
  'SEVERAL_LABELS',
  /** The same image with two labels. */
  'SAME_IMAGE_TWO_LABELS',
  /** The same image listed for two splits. */
  'SAME_IMAGE_TWO_SPLITS',
  /** A file that looks like a list of labels but is not read. */
  'LABELS_NOT_READ',
  /** There are several candidates for something, and one was chosen. */
  'SEVERAL_CANDIDATES',
  /** Validation images of a re-identification dataset, used for neither training nor searching. */
  'VALIDATION_SET_ASIDE',
  /** Images that a list calls validation images used as test images, because there are no others. */
  'VALIDATION_AS_TEST',
  /** Images without labels, kept as such. */
  'UNLABELLED_SET_ASIDE',
  /** Images whose location assigns them no split or class. */
  'IMAGES_OUTSIDE',
] as const
export type DoubtKind = (typeof DOUBT_KINDS)[number]

export const Doubt = z.strictObject({
  kind: z.enum(DOUBT_KINDS),
  /** What was found and how it was interpreted: a sentence that names files, folders or classes. */
  message: z.string(),
  /** What to do if the interpretation is wrong: a sentence. */
  remedy: z.string(),
})
export type Doubt = z.infer<typeof Doubt>
