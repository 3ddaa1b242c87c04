import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { Progress } from '../../progress.js';
import type { ArchiveEntry } from './entry.js';
import { type Admitted, Gate } from './gate.js';
import { type ArchiveLimits, Meter, tooMuch } from './limits.js';
import { type OpenArchive, openArchive } from './open.js';
import { Target } from './target.js';
import { WritePool } from './write-pool.js';

/** Files that are written side by side. */
const WRITERS = 16;
/** What is no larger is taken out of a stream at once, so that the stream need not wait for the disk. */
const SMALL_BYTES = 256 * 1024;

/** How to unpack. */
export interface ExtractOptions {
  target: string;
  /** Whether an entry of that name is wanted. */
  wanted: (name: string) => boolean;
  /** Replace files that exist. */
  overwrite: boolean;
}

/** What was unpacked. */
export interface Extracted {
  format: OpenArchive['format'];
  /** The real path of the folder. */
  outputDir: string;
  /** Real paths of the files. */
  files: string[];
  totalSize: number;
}

/**
 * Unpacks an archive below a folder. The whole archive is looked through first: when any entry is refused, nothing
 * has been written.
 */
export async function extractArchive(
  path: string,
  options: ExtractOptions,
  limits: ArchiveLimits,
  context: ExecutionContext,
  progress: Progress,
): Promise<Extracted> {
  const target = await Target.at(options.target, context);
  const archive = await openArchive(path, context, limits);
  try {
    const plan = await makePlan(archive, target, options, limits, context);
    const work = new Extraction(archive, target, plan, limits, progress);
    await work.run();
    return { format: archive.format, outputDir: target.root, files: work.files, totalSize: work.totalSize };
  } finally {
    await target.close();
    await archive.close();
  }
}

/** The names of what will be unpacked. */
interface Plan {
  readonly files: ReadonlySet<string>;
  readonly directories: readonly string[];
}

async function makePlan(
  archive: OpenArchive,
  target: Target,
  options: ExtractOptions,
  limits: ArchiveLimits,
  context: ExecutionContext,
): Promise<Plan> {
  const gate = new Gate(limits);
  const files = new Set<string>();
  const directories: string[] = [];
  for await (const entry of archive.entries()) {
    context.signal.throwIfAborted();
    const { name, kind } = gate.admit(entry);
    if (name === '' || !options.wanted(name)) continue;
    await target.check(name);
    if (kind === 'directory') directories.push(name);
    else files.add(name);
    if (kind === 'file' && !options.overwrite && (await target.exists(name)))
      throw fail('tool.failed', `'${target.pathOf(name)}' exists already`, {
        hint: 'Pass overwrite = true to replace files.',
      });
  }
  return { files, directories };
}

/** One unpacking. What the archive says is checked again as it goes: it may have been exchanged since the plan. */
class Extraction {
  readonly files: string[] = [];
  private readonly meter: Meter;
  private readonly gate: Gate;
  private readonly pool = new WritePool(WRITERS);

  constructor(
    private readonly archive: OpenArchive,
    private readonly target: Target,
    private readonly plan: Plan,
    private readonly limits: ArchiveLimits,
    private readonly progress: Progress,
  ) {
    this.meter = new Meter(limits, archive.size);
    this.gate = new Gate(limits);
  }

  get totalSize(): number {
    return this.meter.bytes;
  }

  async run(): Promise<void> {
    await this.target.open();
    try {
      for await (const entry of this.archive.entries()) {
        const admitted = this.gate.admit(entry);
        if (admitted.kind === 'file' && this.plan.files.has(admitted.name)) await this.file(entry, admitted);
      }
    } finally {
      await this.pool.settle();
    }
    await this.pool.finish();
    for (const name of this.plan.directories) await this.target.makeDir(name);
  }

  private async file(entry: ArchiveEntry, { name }: Admitted): Promise<void> {
    this.progress(`Extracting ${name}`, this.files.length / Math.max(1, this.plan.files.size));
    this.files.push(this.target.pathOf(name));
    const content = this.meter.count(this.bounded(entry));
    if (this.archive.randomAccess) return this.pool.start(() => this.target.write(name, content));
    if ((entry.size ?? 0) > SMALL_BYTES) return this.target.write(name, content);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    return this.pool.start(() => this.target.write(name, chunks));
  }

  private async *bounded(entry: ArchiveEntry): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of entry.content()) {
      size += chunk.length;
      if (size > this.limits.maxFileSize) throw tooMuch('file_size', this.limits.maxFileSize, entry.name);
      yield chunk;
    }
  }
}
