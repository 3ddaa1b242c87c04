import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import type { Progress } from '../../progress.js';
import type { ArchiveEntry } from './entry.js';
import { formatTitle } from './format.js';
import { Gate } from './gate.js';
import { type ArchiveLimits, Meter, tooMuch } from './limits.js';
import { type OpenArchive, openArchive } from './open.js';
import { isDamage } from './refusal.js';

/** Problems that one check names. */
const MAX_PROBLEMS = 100;

/** What a check found. */
export interface Verdict {
  format: string;
  /** Whether everything can be read and its checksums hold. */
  valid: boolean;
  /** Whether `extract` would unpack it. */
  safe: boolean;
  fileCount: number;
  totalSize: number;
  problems: JsonObject[];
}

/**
 * Reads an archive to its end without writing anything, checks what it has checksums for, and names the entries
 * that would be refused. Damage is a finding; only an archive over the limits raises.
 */
export async function verifyArchive(
  path: string,
  limits: ArchiveLimits,
  context: ExecutionContext,
  progress: Progress,
): Promise<Verdict> {
  const archive = await openArchive(path, context, limits);
  const check = new Check(archive, limits);
  try {
    for await (const entry of archive.entries()) {
      await check.entry(entry);
      progress(`Checking ${entry.name}`);
    }
  } catch (error) {
    check.damage(error);
  } finally {
    await archive.close();
  }
  return check.verdict();
}

class Check {
  private readonly gate: Gate;
  private readonly meter: Meter;
  private readonly problems: JsonObject[] = [];
  private count = 0;
  private valid = true;
  private safe = true;

  constructor(
    private readonly archive: OpenArchive,
    private readonly limits: ArchiveLimits,
  ) {
    this.gate = new Gate(limits);
    this.meter = new Meter(limits, archive.size);
  }

  async entry(entry: ArchiveEntry): Promise<void> {
    if (++this.count > this.limits.maxEntries) throw tooMuch('entries', this.limits.maxEntries);
    const problem = this.gate.problem(entry);
    if (problem !== undefined) {
      this.safe = false;
      this.note({ name: entry.name, problem });
    }
    if (entry.kind !== 'file' || entry.unreadable !== undefined) return;
    try {
      for await (const _ of this.meter.count(entry.content()));
    } catch (error) {
      this.damage(error, entry.name);
    }
  }

  /** Notes what is damaged; what is no damage is raised. */
  damage(error: unknown, name?: string): void {
    if (!isDamage(error)) throw error;
    this.valid = false;
    this.note({ ...(name !== undefined && { name }), problem: error.message });
  }

  verdict(): Verdict {
    return {
      format: formatTitle(this.archive.format),
      valid: this.valid,
      safe: this.safe && this.valid,
      fileCount: this.count,
      totalSize: this.meter.bytes,
      problems: this.problems,
    };
  }

  private note(problem: JsonObject): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}
