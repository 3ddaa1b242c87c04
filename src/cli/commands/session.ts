import { EXIT } from '../../core/exit-codes.js';
import { shownArtifact } from '../../globals/artifact-types.js';
import { shownSession } from '../../globals/session-types.js';
import { SESSION_STATUSES, type SessionRecord, type SessionStatus } from '../../sessions/record.js';
import { type Command, defineCommand, flagged, type OptionDefinitions, option } from '../command.js';
import { printable } from '../printable.js';
import { alignColumns } from '../render/columns.js';
import { printResult } from '../render/print.js';
import { numberOption } from '../run-options.js';
import { clockTime } from '../runs/figures.js';
import { JsonLines } from '../runs/json-lines.js';
import { exportSession } from '../sessions/export.js';
import { renderSession } from '../sessions/render.js';
import { sessionReplay } from '../sessions/replay.js';
import { findSession, type SessionWork, TENANT_OPTIONS, withSessions } from '../sessions/with-sessions.js';

const SESSION = { name: 'SESSION', doc: 'The id of a session, the beginning of it, or its name' };
const OPTIONS: OptionDefinitions = TENANT_OPTIONS;

const list = defineCommand({
  name: 'list',
  summary: 'Show the sessions, the last active first',
  options: {
    ...OPTIONS,
    status: { value: 'STATUS', choices: SESSION_STATUSES, doc: 'Only sessions that are so' },
    tag: { value: 'TAG', repeat: true, doc: 'Only sessions with this tag' },
    search: { value: 'TEXT', doc: 'Only sessions with this in their name, description or tags' },
    limit: { value: 'N', short: 'n', doc: 'At most so many' },
  },
  examples: ['llmspell session list', 'llmspell session list --status suspended --output json'],
  run: (invocation) =>
    withSessions(invocation, undefined, async ({ sessions, context }) => {
      const query = {
        status: option(invocation, 'status') as SessionStatus | undefined,
        tags: invocation.options.tag,
        text: option(invocation, 'search'),
        limit: numberOption(invocation, 'limit'),
        descending: true,
      };
      const found = await sessions.find(query, context);
      printResult(invocation, { json: found.map(shownSession), text: () => table(found) });
      return EXIT.ok;
    }),
});

const show = defineCommand({
  name: 'show',
  summary: 'Show a session: what it is, what ran in it, what it made',
  args: [SESSION],
  options: OPTIONS,
  examples: ['llmspell session show notes'],
  run: (invocation) =>
    withSessions(invocation, undefined, async ({ sessions, artifacts, services, context }) => {
      const record = await findSession(sessions, invocation.args.SESSION!, context);
      const made = await artifacts.list(record.id, context);
      const runs = await (await services.journal()).runs({ session: record.id });
      printResult(invocation, {
        json: { ...shownSession(record), artifacts: made.map(shownArtifact), runs },
        text: () => renderSession(record, made, runs),
      });
      return EXIT.ok;
    }),
});

const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a session as JSON lines: itself, its state, its artifacts, its events',
  args: [SESSION],
  options: {
    ...OPTIONS,
    out: { value: 'FILE', short: 'o', complete: 'file', doc: 'Write to a file instead' },
    content: { doc: 'The content of the artifacts too, in base64' },
    secrets: { doc: 'Show secrets in its state as they are' },
  },
  examples: ['llmspell session export notes -o notes.jsonl --content'],
  run: (invocation) =>
    withSessions(invocation, undefined, async (work) => {
      const record = await findSession(work.sessions, invocation.args.SESSION!, work.context);
      const target = new JsonLines(invocation, option(invocation, 'out'));
      const how = { content: flagged(invocation, 'content'), secrets: flagged(invocation, 'secrets') };
      for await (const line of exportSession(record, work, how)) await target.write(line);
      await target.end();
      return EXIT.ok;
    }),
});

const suspend = change('suspend', 'Put an active session aside', ({ sessions, context }, { id }) =>
  sessions.suspend(id, context),
);
const resume = change('resume', 'Take up a suspended or expired session', ({ sessions, context }, { id }) =>
  sessions.resume(id, context),
);
const complete = change('complete', 'End a session', ({ sessions, context }, { id }) =>
  sessions.complete(id, undefined, context),
);
const remove = change(
  'delete',
  'Forget a session with its state and its artifacts',
  async ({ sessions, context }, record) => {
    await sessions.delete(record.id, context);
    return record;
  },
);

/** A command that changes one session. */
function change(
  name: string,
  summary: string,
  work: (parts: SessionWork, record: SessionRecord) => Promise<SessionRecord>,
): Command {
  const done: Readonly<Record<string, string>> = { delete: 'deleted' };
  return defineCommand({
    name,
    summary,
    args: [SESSION],
    options: OPTIONS,
    examples: [`llmspell session ${name} notes`],
    run: (invocation) =>
      withSessions(invocation, `session ${name}`, async (parts) => {
        const before = await findSession(parts.sessions, invocation.args.SESSION!, parts.context);
        const after = await work(parts, before);
        const status = done[name] ?? after.status;
        printResult(invocation, {
          json: { id: after.id, status },
          text: () => `${after.id} is ${status}.`,
        });
        return EXIT.ok;
      }),
  });
}

/** `llmspell session`: sessions of spells. */
export default defineCommand({
  name: 'session',
  summary: 'Show, suspend, resume, export and delete sessions',
  subcommands: [list, show, sessionReplay, exportCommand, suspend, resume, complete, remove],
});

function table(records: readonly SessionRecord[]): string {
  if (records.length === 0) return 'There are no sessions.';
  const rows = records.map((record) => [
    record.id,
    record.status,
    clockTime(record.updatedAt),
    String(record.artifacts),
    printable(record.name ?? ''),
    printable(record.tags.join(', ')),
  ]);
  return alignColumns([['SESSION', 'STATUS', 'LAST ACTIVE', 'ARTIFACTS', 'NAME', 'TAGS'], ...rows]);
}
