import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BIN, cleanEnvironment, runCli } from './support/cli.js';
import { randomFrom } from './support/random.js';

/** `LLMSPELL_CRASH_ROUNDS=300` runs as many; `LLMSPELL_CRASH_SEED` repeats a failing run. */
const ROUNDS = Number(process.env.LLMSPELL_CRASH_ROUNDS ?? 8);
const SEED = Number(process.env.LLMSPELL_CRASH_SEED ?? Date.now() % 1_000_000);

/** Works in a session without end, and says what it has been told is safe. */
const WORK = `
local id = Session.create({ name = "interrupted" })
Session.set_current(id)
print("session " .. id)
for n = 1, math.huge do
  State.save("session:" .. id, "n", n)
  print("state " .. n)
  local content = ("line " .. n .. "\\n"):rep(n * 50)
  Artifact.store(id, "text", "out.txt", content)
  print("artifact " .. n)
end
`;

/** Takes the session up and tells what it finds. */
const LOOK = `
const id = Session.getCurrent();
const artifacts = Artifact.list(id).map((a) => ({ ...a, content: Artifact.getContent(id, a.id) }));
print(JSON.stringify({
  status: Session.get(id).status,
  count: Session.get(id).artifact_count,
  n: State.load("session:" + id, "n"),
  artifacts: artifacts.map(({ version, content, size }) => ({ version, content, size })),
  damaged: Artifact.verify(id).length,
}));
`;

interface Found {
  status: string;
  count: number;
  n: number | null;
  artifacts: { version: number; content: string; size: number }[];
  damaged: number;
}

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmspell-'));
  writeFileSync(join(home, 'work.lua'), WORK);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const env = () => ({ LLMSPELL_HOME: join(home, 'data') });

/** Runs the spell and kills it some time after it has said so many lines. */
function killed(lines: number, delayMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [BIN, 'run', 'work.lua'], {
    cwd: home,
    env: cleanEnvironment(home, env()),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.split('\n').length > lines) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  return new Promise((done) => {
    child.on('close', () => done(out.split('\n').slice(0, -1)));
  });
}

/** The last number that was said to be safe. */
const last = (lines: string[], kind: string) =>
  Number(lines.findLast((line) => line.startsWith(kind))?.split(' ')[1] ?? 0);

function check(found: Found, lines: string[]): void {
  expect(found.status).toBe('active');
  expect(found.n ?? 0).toBeGreaterThanOrEqual(last(lines, 'state'));
  expect(found.n ?? 0).toBeLessThanOrEqual(last(lines, 'state') + 1);
  expect(found.artifacts.length).toBeGreaterThanOrEqual(last(lines, 'artifact'));
  expect(found.artifacts.length).toBeLessThanOrEqual(last(lines, 'artifact') + 1);
  expect(found.count).toBe(found.artifacts.length);
  expect(found.damaged).toBe(0);
  found.artifacts.forEach(({ version, content }, index) => {
    expect(version).toBe(index + 1);
    expect(content).toBe(`line ${version}\n`.repeat(version * 50));
  });
}

/** The events of the killed run, which tell of everything that another process had time to see. */
async function checkJournal(session: string, lines: string[]): Promise<void> {
  const { stdout } = await runCli(['session', 'export', session], { cwd: home, env: env() });
  const events = stdout
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).event ?? []);
  const run = events.find(({ type, name }) => type === 'run.started' && name === 'work.lua').run;
  const own = events.filter((event) => event.run === run);
  expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index + 1));
  const said = own.filter(({ type }) => type === 'output').map(({ text }) => text.trimEnd());
  expect(said).toEqual(lines.slice(0, said.length));
  // An artifact is in the journal before the spell says so; the last of both may not have been written any more.
  const told = said.filter((line) => line.startsWith('artifact')).length;
  expect(own.filter(({ type }) => type === 'artifact.changed').length).toBeGreaterThanOrEqual(told);
}

describe(`a session whose process is killed (seed ${SEED}, ${ROUNDS} rounds)`, () => {
  test(
    'is taken up by another process with its state, its artifacts and its journal',
    async () => {
      const random = randomFrom(SEED);
      for (let round = 0; round < ROUNDS; round++) {
        const lines = await killed(4 + Math.floor(random() * 20), random() * 8);
        const session = lines[0]!.split(' ')[1]!;
        const args = ['exec', '--engine', 'js', '--session', session, '--quiet', LOOK];
        const looked = await runCli(args, { cwd: home, env: env() });
        expect(looked.stderr, `round ${round}`).toBe('');
        check(JSON.parse(looked.stdout) as Found, lines);
        await checkJournal(session, lines);
      }
    },
    ROUNDS * 10_000,
  );
});
