import type { Answer, Ask, PermissionQuestion } from '../../security/ask.js';
import { printable } from '../printable.js';
import type { Terminal } from '../terminal.js';
import type { SavedGrants, Subject } from './saved-grants.js';

/** Gives a line that a person typed; undefined at the end of input. */
export type ReadLine = () => Promise<string | undefined>;

/** The words in which a target is named. */
const NEEDS: Readonly<Record<PermissionQuestion['capability'], string>> = {
  read: 'read',
  write: 'write',
  net: 'reach the host',
  run: 'start the program',
  env: 'read the variable',
  db: 'use the database',
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  o: 'once',
  once: 'once',
  y: 'once',
  yes: 'once',
  r: 'run',
  run: 'run',
  a: 'always',
  always: 'always',
  n: 'no',
  no: 'no',
};

/** Asks on the terminal; what is granted for good is written down for the subject. */
export function terminalAsk(
  terminal: Terminal,
  readLine: ReadLine,
  lasting?: { saved: SavedGrants; subject: Subject },
): Ask {
  return async (question, signal) => {
    const answer = await untilAnswered(terminal, question, readLine, signal);
    if (answer === 'always')
      lasting?.saved.add(lasting.subject, { [question.capability]: [question.target] });
    return answer;
  };
}

async function untilAnswered(
  terminal: Terminal,
  { capability, target, path }: PermissionQuestion,
  readLine: ReadLine,
  signal: AbortSignal,
): Promise<Answer> {
  terminal.err(`\n${printable(asker(path))} wants to ${NEEDS[capability]} ${printable(target)}\n`);
  for (;;) {
    terminal.err('  allow [o]nce, for this [r]un, [a]lways, or [n]o? ');
    const line = await Promise.race([readLine(), aborted(signal)]);
    if (line === undefined) return 'no';
    const answer = ANSWERS[line.trim().toLowerCase()];
    if (answer) return answer;
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** The last step of a path in words: `run/agent:qa/tool:calculator[2]` is the tool calculator. */
function asker(path: string): string {
  const [, kind, name] = /(\w+):([^/]*?)(?:\[\d+\])?$/.exec(path) ?? [];
  return kind === undefined ? 'The spell' : `The ${kind} ${name}`;
}
