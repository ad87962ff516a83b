import type { Doubt } from '../../../../contract/dataset-doubts.ts'
import { otherMediumOf } from '../../pictures/other-media.ts'
import { REASONS } from '../../pictures/picture-names.ts'
import { nameSome, type Understanding } from './understanding.ts'

interface Unused {
  ignored: readonly { path: string }[]
  leftOut: readonly { path: string }[]
}

/**
 * Folders that stand among the classes and give no image: empty, or with nothing that can be read.
 * @param folders  that are named themselves
 */
export function findMissingClasses(
  { classFolders, splits }: Understanding,
  { ignored, leftOut }: Unused,
  folders: readonly string[],
): Doubt[] {
  const known = new Set(Object.values(splits).flatMap((split) => split.map(({ className }) => className)))
  const below = (paths: readonly string[], needsMore: boolean) =>
    paths.flatMap((path) => {
      const start = classFolders.find((folder) => path.startsWith(folder))
      if (start === undefined) return []
      const [name = '', ...more] = path.slice(start.length).split('/')
      return (needsMore && more.length === 0) || known.has(name) || name === '' ? [] : [name]
    })
  const pathsOf = (files: readonly { path: string }[]) => files.map(({ path }) => path)
  const unread = new Set(below(pathsOf(leftOut), true))
  const media = pathsOf(ignored).filter((path) => otherMediumOf(path) !== undefined)
  const ofOtherMedia = new Set(below(media, true).filter((name) => !unread.has(name)))
  const used = new Set([...unread, ...below(pathsOf(ignored), true)])
  const empty = new Set(below(folders, false).filter((name) => !used.has(name)))
  const [first = ''] = media
  return [
    ...doubtUnread([...unread], REASONS.OTHER, 'Save its images as JPEG or PNG, or take the folder out.'),
    ...doubtUnread(
      [...ofOtherMedia],
      `“${first}” is ${otherMediumOf(first)?.words}`,
      `Where it was meant as a class, ${otherMediumOf(first)?.remedy}; else take the folder out.`,
    ),
    ...doubtEmpty([...empty]),
  ]
}

function doubtUnread(names: readonly string[], reason: string, remedy: string): Doubt[] {
  if (names.length === 0) return []
  return [
    {
      kind: 'UNREADABLE_CLASS',
      message: `No image in ${nameSome(names)} can be read, so that ${names.length === 1 ? 'it is no class' : 'they are no classes'}: ${reason}.`,
      remedy,
    },
  ]
}

function doubtEmpty(names: readonly string[]): Doubt[] {
  if (names.length === 0) return []
  const [stand, are, what] =
    names.length === 1 ? ['stands', 'is', 'it is no class'] : ['stand', 'are', 'they are no classes']
  return [
    {
      kind: 'EMPTY_CLASS',
      message: `${nameSome(names)} ${stand} among the classes, but ${are} empty: ${what}.`,
      remedy: 'Add its images, or take the folder out.',
    },
  ]
}
