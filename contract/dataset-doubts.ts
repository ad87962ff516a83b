import { z } from 'zod'

/**
 * What may have been understood otherwise than it was meant. A doubt never stops an import by itself: it is told before
 * anything is trained, with what to do about it.
 */
export const DOUBT_KINDS = [
  /** A folder that is read as a class has the name of a split. */
  'SPLIT_NAMED_CLASS',
  /** The same folders lie under each of several folders: either may be the classes. */
  'REPEATED_CLASSES',
  /** Folders named as folds of a cross-validation. */
  'FOLDS',
  /** Images that look like masks of others. */
  'MASKS',
  /** Most classes have one image: each folder may be an image, not a class. */
  'SINGLE_IMAGE_CLASSES',
  /** A class with training images alone: nothing tests it. */
  'CLASS_IN_ONE_SPLIT',
  /** A folder that stands among the classes and has no image. */
  'EMPTY_CLASS',
  /** A class that is gone, since none of its images can be read. */
  'UNREADABLE_CLASS',
  /** The same image under two labels. */
  'SAME_IMAGE_TWO_LABELS',
  /** A file that looks like a list of labels, and is not read. */
  'LABELS_NOT_READ',
  /** Something is there more than once, and one of it was taken. */
  'SEVERAL_CANDIDATES',
  /** Validation images beside test images: they are neither trained on nor tested with. */
  'VALIDATION_SET_ASIDE',
  /** Validation images that are taken as test images, since a list has them in one column with those. */
  'VALIDATION_AS_TEST',
  /** Images without labels. */
  'UNLABELLED_SET_ASIDE',
  /** Images that belong to no split or to no class by where they lie. */
  'IMAGES_OUTSIDE',
] as const
export type DoubtKind = (typeof DOUBT_KINDS)[number]

export const Doubt = z.strictObject({
  kind: z.enum(DOUBT_KINDS),
  /** What was found and how it was understood: a sentence that names files, folders or classes. */
  message: z.string(),
  /** What to do where that is not what was meant: a sentence. */
  remedy: z.string(),
})
export type Doubt = z.infer<typeof Doubt>
