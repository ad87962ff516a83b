/** Files that hold images in a form that is not read, by their endings: what they are, and what to do. */
const MEDIA: [ending: RegExp, words: string, remedy: string][] = [
  [/\.(dcm|dicom|ima)$/i, 'a DICOM image, as medical scanners write it', 'save it as PNG'],
  [/\.(nii|nii\.gz|mha|mhd|nrrd)$/i, 'a medical volume', 'save its slices as PNG'],
  [
    /\.(mp4|m4v|avi|mov|mkv|webm|mpe?g|wmv|flv|3gp)$/i,
    'a video',
    'save frames of it as JPEG, with those of one video in one split',
  ],
  [/\.(svs|ndpi|czi|lif|nd2|vsi|mrxs)$/i, 'a microscope’s slide', 'save tiles of it as PNG'],
  [/\.(fits?|fts)$/i, 'a FITS image, as telescopes write it', 'save it as PNG'],
  [/\.(npy|mat|h5|hdf5)$/i, 'an array', 'save its images as files'],
]

export function otherMediumOf(path: string): { words: string; remedy: string } | undefined {
  const [, words, remedy] = MEDIA.find(([ending]) => ending.test(path)) ?? []
  return words === undefined || remedy === undefined ? undefined : { words, remedy }
}
