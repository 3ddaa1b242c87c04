import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks whatever a guarded process starts, even what has left its group or lost its parent. */
export const PROCESS_MARK = 'LLMSPELL_PROCESS';

/** Looks that are taken for processes that were just being started while others were ended. */
const MOST_ROUNDS = 5;

/**
 * Ends a process, its group and everything that carries its mark. What runs as another user or has wiped its
 * environment clean is out of reach. Everything up to the first pause is synchronous, fit for a process's exit.
 */
export async function endTree(leader: number, mark: string): Promise<void> {
  signalGroup(leader);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = marked(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function signalGroup(leader: number): void {
  kill(process.platform === 'win32' ? leader : -leader);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, or not ours.
  }
}

/** The processes with a mark, on systems that show environments; zombies have none. */
function marked(mark: string): number[] {
  if (process.platform !== 'linux') return [];
  const entry = `${PROCESS_MARK}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(entry))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
