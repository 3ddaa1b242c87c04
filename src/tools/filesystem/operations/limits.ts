import type { ToolHost } from '../../host.js';

/** What the tool allows. */
export interface FileOperationsLimits {
  /** Largest file that is read or written, in bytes. */
  maxFileSize: number;
  /** Write beside the file and rename into place. */
  atomicWrites: boolean;
  /** If not empty, only files with these extensions; lower case, without the dot. */
  allowedExtensions: readonly string[];
  /** Files with these extensions are refused. */
  blockedExtensions: readonly string[];
  /** Refuse content that is plainly of another kind than the extension says. */
  validateFileTypes: boolean;
  /** Levels of folders that one recursive operation makes or removes. */
  maxDepth: number;
}

/** The limits of `[tools.file_operations]`. */
export function fileOperationsLimits({
  file_operations: own = {},
}: ToolHost['config']): FileOperationsLimits {
  return {
    maxFileSize: own.max_file_size ?? 50_000_000,
    atomicWrites: own.atomic_writes ?? true,
    allowedExtensions: (own.allowed_extensions ?? []).map(bare),
    blockedExtensions: (own.blocked_extensions ?? ['exe', 'dll', 'so', 'dylib']).map(bare),
    validateFileTypes: own.validate_file_types ?? true,
    maxDepth: own.max_depth ?? 10,
  };
}

function bare(extension: string): string {
  return extension.toLowerCase().replace(/^\./, '');
}
