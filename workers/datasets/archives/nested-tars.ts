/** Sets whose images all lie in tars: WebDataset's shards, a tar for each class as ImageNet has them. */
import { posix } from 'node:path'
import { isHidden, NameGatherer, sortByPath } from './file-names.ts'
import type { DatasetFile, FileSource } from './file-source.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'
import { Spool } from './spool.ts'
import { spoolTar, type TarFile, tarFiles } from './tar-files.ts'

const TAR = /\.tar$/i
/** What lies beside shards and says something of them. */
const TEXT =
  /\.(txt|jsonl?|csv|tsv|md|rst|ya?ml|html?|py|cfg|log|md5|sha\d*)$|(^|\/)(readme|licen[cs]e|citation)[^/]*$/i

/**
 * The source with what lies in its tars, each as a folder called as it is; only where nothing but texts lies beside them, and
 * one level deep.
 * @throws InvalidDatasetError where one of the tars cannot be read, or something in it could do harm
 */
export async function openNestedTars(source: FileSource, scratch: string | undefined): Promise<FileSource> {
  const tars = source.list.filter(({ path }) => TAR.test(path))
  const others = source.list.filter(({ path }) => !TAR.test(path))
  if (tars.length === 0 || !others.every(({ path }) => TEXT.test(path) || isHidden(path))) return source
  const spool = await Spool.open(scratch)
  try {
    const names = new NameGatherer<TarFile>()
    for (const tar of tars) await unpackNested(source, tar, names, spool)
    await spool.flush()
    return joined(source, others, tarFiles(spool, names.finish()))
  } catch (error) {
    await spool.close()
    throw error
  }
}

async function unpackNested(
  source: FileSource,
  tar: DatasetFile,
  names: NameGatherer<TarFile>,
  spool: Spool,
): Promise<void> {
  const folder = tar.path.replace(TAR, '')
  try {
    await spoolTar(await source.stream(tar), { names, spool, folder })
  } catch (error) {
    if (!(error instanceof InvalidDatasetError)) throw error
    throw new InvalidDatasetError(`“${posix.basename(tar.path)}”: ${error.message}`, { cause: error })
  }
}

function joined(source: FileSource, others: readonly DatasetFile[], nested: FileSource): FileSource {
  const isNested = new Set<DatasetFile>(nested.list)
  const from = (file: DatasetFile) => (isNested.has(file) ? nested : source)
  return {
    list: sortByPath([...others, ...nested.list]),
    folders: [...source.folders, ...nested.folders],
    leftOut: [...source.leftOut, ...nested.leftOut],
    notes: source.notes ?? [],
    read: (file) => from(file).read(file),
    stream: (file) => from(file).stream(file),
    close: async () => {
      await nested.close()
      await source.close()
    },
  }
}
