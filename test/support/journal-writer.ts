/**
 * Writes a run into a journal and says after each event that was made safe that it is: `ack SEQ`. Killed from outside,
 * or by itself in the middle of the write that LLMSPELL_DIE_AT numbers.
 */
import { writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileJournal } from '../../src/storage/journal-files.js';

const [directory, run, count, dieAt, dieHow] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
let ids = 0;

/** Counts the writes of the process's files and ends it at the chosen one: before it, in its middle, or after it. */
async function dieAtWrite(): Promise<void> {
  const handle = await open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle) as { appendFile(data: Buffer): Promise<void> };
  await handle.close();
  const { appendFile } = prototype;
  let writes = 0;
  prototype.appendFile = async function (this: { fd: number }, data: Buffer) {
    if (++writes !== Number(dieAt)) return appendFile.call(this, data);
    if (dieHow === 'middle') writeSync(this.fd, data, 0, Math.floor(data.length / 2));
    if (dieHow === 'after') writeSync(this.fd, data);
    process.kill(process.pid, 'SIGKILL');
  };
}

await dieAtWrite();
const journal = fileJournal({
  directory,
  owner: run,
  host: 'here',
  now: Date.now,
  newId: () => `${run}-${ids++}`,
  leaseMs: 30_000,
  segmentBytes: 4000,
});
const writer = journal.open({ run, session: 's', tenant: 't' });
for (let seq = 1; seq <= Number(count); seq++) {
  const base = { run, seq, path: 'run', time: Date.now() };
  if (seq === 1) writer.append({ ...base, type: 'run.started', kind: 'script', name: 'crash' });
  else
    writer.append({ ...base, type: 'output', stream: 'stdout', text: `line ${seq} ${'x'.repeat(seq % 97)}` });
  if (seq % 3 !== 0) continue;
  await writer.flushed();
  writeSync(1, `ack ${seq}\n`);
}
await writer.close();
await journal.close();
