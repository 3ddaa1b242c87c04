/**
 * The only way in which tools touch files. Every function takes the path as the script wrote it, checks the
 * grant on the real path of what was opened, and stops at the context's signal.
 */
export { copyGuarded, moveGuarded, removeGuarded } from './file-moves.js';
export {
  type DirectoryEntry,
  type DirectoryListing,
  existsGuarded,
  type FileInfo,
  type FileType,
  type GuardedFile,
  listGuarded,
  MAX_ENTRIES,
  MAX_FILE_BYTES,
  openGuarded,
  type ReadOptions,
  readChunksGuarded,
  readFileGuarded,
  statGuarded,
} from './file-reads.js';
export { produceGuarded, type StreamOptions, writeChunksGuarded } from './file-streams.js';
export { makeDirGuarded, type WriteOptions, writeFileGuarded } from './file-writes.js';
export { isInside, resolvePath, workingDirectory } from './paths.js';
