// Readers of data sets in the format of MNIST: IDX files or CSV.
export type { IdxArray, IdxHeader, NamedBytes } from './idx.ts';
export { idxHeader, parseIdx, readIdxHeader } from './idx.ts';
export type { ImageFileNames, ImageFileRole } from './image-files.ts';
export { collectImageFiles, findImageFiles, imageFileRole } from './image-files.ts';
export { imageFilesFromCsv } from './image-table.ts';
export type { ImageData, ImageFiles, ImageOptions, LabelledImages, Sha256 } from './mnist.ts';
export {
  checkOriginal,
  imageFiles,
  imagesFrom,
  loadImages,
  MAX_CLASSES,
  mnistDigest,
  mnistFrom,
  mnistSha256,
  parseImages,
} from './mnist.ts';
