import { fail, type LlmspellError } from '../../../core/errors.js';

/** What a server says about a statement it did not do. */
export interface ServerComplaint {
  /** PostgreSQL, MySQL or SQLite. */
  server: string;
  message: string;
  /** The server's own code: an SQLSTATE, or a name such as `ER_NO_SUCH_TABLE`. */
  code?: string | undefined;
  hint?: string | undefined;
  /** Which of several statements, from 1. */
  statement?: number | undefined;
}

/** The server refused the statement or could not do it. */
export function statementFailed({ server, message, code, hint, statement }: ServerComplaint): LlmspellError {
  const where = statement === undefined ? '' : ` (statement ${statement})`;
  return fail('tool.failed', `${server}: ${message}${where}`, {
    ...(hint !== undefined && { hint }),
    details: {
      server,
      ...(code !== undefined && { code }),
      ...(statement !== undefined && { statement }),
    },
  });
}

/** The server refused to change data in a call that only reads. */
export function readOnlyRefusal({ server, message }: ServerComplaint): LlmspellError {
  return fail('permission.db', `${server}: ${message}`, {
    hint: 'This call is read-only. Use operation = "execute" and pass read_only = false.',
    details: { server },
  });
}
