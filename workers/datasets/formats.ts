import type { Arrange } from './arrangement.ts'
import { arrangeImageFolder } from './image-folder.ts'

/** The formats that a dataset can come in; a new one is a file beside this and a line here. */
export const FORMATS = {
  'image-folder': arrangeImageFolder,
} as const satisfies Record<string, Arrange>

export type FormatName = keyof typeof FORMATS
