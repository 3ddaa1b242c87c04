import { fail, LlmspellError } from '../core/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'the operating system denies access',
  EPERM: 'the operating system denies the operation',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ENOTEMPTY: 'the directory is not empty',
  EEXIST: 'it exists already',
  ELOOP: 'it is a symbolic link where none may be, or links lead in a circle',
  ENOSPC: 'no space is left on the device',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
};

/** A failed file operation as `tool.failed`, naming the path; errors that are llmspell's own pass through. */
export function ioError(error: unknown, path: string): LlmspellError {
  if (error instanceof LlmspellError) return error;
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  return fail('tool.failed', `Failed to access '${path}': ${REASONS[code] ?? message} (${code})`, {
    details: { path, errno: code },
    cause: error,
  });
}

/** Whether a failure says that the file is not there. */
export function isNotFound(error: unknown): boolean {
  const errno = error instanceof LlmspellError ? error.details?.errno : (error as NodeJS.ErrnoException).code;
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}
