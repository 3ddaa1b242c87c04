import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks whatever a guarded process starts, even what has left its group or lost its parent. */
export const PROCESS_MARK = 'LLMSPELL_PROCESS';

/** Looks that are taken for processes that were just being started while others were ended. */
const MOST_ROUNDS = 40;
/** Milliseconds between two looks. */
const PAUSE_MS = 5;

/** A process as `/proc/<pid>/stat` describes it. */
interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** In ticks of the system's clock. */
  started: number;
}

/**
 * Ends a process, its group and session, its descendants and everything that carries its mark. Out of reach is what
 * runs as another user, and what has a session of its own, no living parent among these and no trace of the mark.
 * Systems without `/proc` know the group only.
 *
 * @param reaped whether the leader has ended and been waited for: its number may belong to a stranger by now
 */
export async function endTree(leader: number, mark: string, reaped = false): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (endOnce(leader, mark, reaped) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** {@link endTree} without waiting, for the moment in which this process itself ends. */
export function endTreeNow(leader: number, mark: string): void {
  for (let round = 0; round < MOST_ROUNDS; round++) if (endOnce(leader, mark, false) === 0) return;
}

/** The exit is the process's own, and so is the list of what it has to end: one listener, however many kernels. */
const atExit = new Set<() => void>();

/** Ends a tree when this process exits, unless the returned function is called before. */
export function endTreeAtExit(leader: number, mark: string): () => void {
  const end = () => endTreeNow(leader, mark);
  if (atExit.size === 0) process.on('exit', endAll);
  atExit.add(end);
  return () => {
    if (atExit.delete(end) && atExit.size === 0) process.off('exit', endAll);
  };
}

function endAll(): void {
  for (const end of atExit) end();
}

/** Signals everything that can be seen now; how many that were. */
function endOnce(leader: number, mark: string, reaped: boolean): number {
  // Looked up before the first signal: orphans no longer tell whose they were.
  const found = process.platform === 'linux' ? members(livingProcesses(), leader, mark, reaped) : [];
  if (!reaped) kill(process.platform === 'win32' ? leader : -leader);
  for (const pid of found) kill(pid);
  return found.length;
}

function members(rows: readonly ProcessRow[], leader: number, mark: string, reaped: boolean): number[] {
  // While anything of the old session lives, its number is not given to a new process.
  const stranger = reaped && rows.some(({ pid }) => pid === leader);
  const ours = new Set<number>();
  for (const row of rows) {
    const near = row.pid === leader || row.group === leader || row.session === leader;
    if ((near && !stranger) || environmentOf(row.pid).includes(mark)) ours.add(row.pid);
  }
  addDescendants(rows, ours);
  ours.delete(process.pid);
  return [...ours];
}

function addDescendants(rows: readonly ProcessRow[], ours: Set<number>): void {
  for (let before = -1; before !== ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of rows) if (ours.has(parent)) ours.add(pid);
  }
}

/** The processes that are younger than this one, as all are that it has started; zombies are over. */
function livingProcesses(): ProcessRow[] {
  const since = rowOf('self')?.started ?? 0;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => rowOf(pid) ?? [])
    .filter(({ started }) => started >= since);
}

/** The name in brackets may hold anything, brackets and spaces too: what follows the last one counts. */
function rowOf(entry: string): ProcessRow | undefined {
  const stat = readQuietly(`/proc/${entry}/stat`);
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 19 || state === 'Z' || state === 'X') return undefined;
  const [parent, group, session] = fields.map(Number);
  return {
    pid: Number.parseInt(stat, 10),
    parent: parent!,
    group: group!,
    session: session!,
    started: Number(fields[18]),
  };
}

function environmentOf(pid: number): string {
  return readQuietly(`/proc/${pid}/environ`);
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // It is gone, or another user's.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, or not ours.
  }
}
