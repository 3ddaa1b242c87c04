import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recorder } from '../src/kernel/recorder.js';
import { codeHash, readRecording } from '../src/kernel/recording.js';
import { Replayer } from '../src/kernel/replayer.js';
import type { SessionMode } from '../src/kernel/session.js';
import { benchKernel } from './kernel.js';
import { alternate, compared, type Figure } from './measure.js';

const CALLS = 5000;
const code = `for i = 1, ${CALLS} do State.get("none") end`;
const source = { code, name: 'bench' };

/** Recording and replaying many calls, against the same calls live. */
export async function replay(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const path = join(folder, 'run.jsonl');
  const { kernel, close } = await benchKernel();
  const run = async (mode: Partial<SessionMode>) => {
    const session = kernel.createSession(mode);
    const { ok, error } = await session.execute({ language: 'lua', source });
    await session.close();
    if (!ok) throw new Error(error?.message);
  };
  const header = { llmspell: 2, language: 'lua', source, hash: codeHash(code), seed: 1 } as const;
  const record = () =>
    run({ seed: 1, tape: (_request, _seed, { secrets }) => new Recorder(path, header, secrets) });
  const again = () => {
    const recording = readRecording(path);
    return run({
      seed: 1,
      effects: recording.effects,
      tape: (_request, _seed, target) => new Replayer(recording, target),
    });
  };
  try {
    await record();
    const [live, recorded, replayed] = await alternate(9, [() => run({}), record, again]);
    const floor = { name: 'the same live', value: live! };
    return [
      compared(`recording ${CALLS} calls`, 'ms', recorded!, floor, 2),
      compared(`replaying ${CALLS} calls, reading the recording included`, 'ms', replayed!, floor, 1.5),
    ];
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
}
