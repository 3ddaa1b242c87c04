import type { ExecutionContext } from '../../../core/context.js';
import type { JsonValue } from '../../../core/values.js';
import type { DatabaseAddress } from '../../../security/database-targets.js';
import type { BoundStatement } from './sql/placeholders.js';

/** What a backend is to do, in one connection and one transaction. */
export interface Job {
  statements: readonly BoundStatement[];
  /** False: the server refuses everything that changes data. */
  write: boolean;
  limits: JobLimits;
}

/** How much a job may take and give. */
export interface JobLimits {
  maxRows: number;
  /** Milliseconds for all statements together, enforced by the server too. */
  timeoutMs: number;
  /** Milliseconds until the attempt to connect is given up. */
  connectMs: number;
}

/** A column of a result. */
export interface Column {
  name: string;
  /** As the server names it; empty where it does not. */
  type: string;
}

/** What one statement gave. */
export interface StatementResult {
  columns: Column[];
  rows: JsonValue[][];
  /** There were more rows than asked for. */
  truncated: boolean;
  /** Rows that were changed; rows given, for statements that change none. */
  affected: number;
  /** The key that the server made for the last new row, where it tells. */
  lastInsertId?: number | string;
}

/** Where a job is done, and how certificates are checked. */
export interface Target {
  address: DatabaseAddress;
  tls: TlsPolicy;
}

/** Whether the connection is encrypted and whose certificate is accepted. */
export type TlsPolicy = false | { verify: boolean; ca?: string };

/**
 * Does a job.
 * Contract: all statements or none take effect; stops at `context.signal`, on the server too; leaves no connection and
 * no process; throws `LlmspellError`s.
 */
export type Backend = (job: Job, target: Target, context: ExecutionContext) => Promise<StatementResult[]>;

/** Bytes of values that one result may hold; rows beyond it are cut like rows beyond the limit. */
export const MAX_RESULT_BYTES = 8_000_000;

/** Counts rows and bytes, and says when a result is full. */
export class RowCollector {
  readonly rows: JsonValue[][] = [];
  truncated = false;
  private bytes = 0;

  constructor(private readonly maxRows: number) {}

  /** Keeps a row if there is room; false when the result is full. */
  add(row: JsonValue[]): boolean {
    for (const value of row) this.bytes += typeof value === 'string' ? value.length + 8 : 16;
    this.truncated ||= this.rows.length >= this.maxRows || this.bytes > MAX_RESULT_BYTES;
    if (!this.truncated) this.rows.push(row);
    return !this.truncated;
  }
}
