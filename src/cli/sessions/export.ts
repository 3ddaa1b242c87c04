import { toTagged } from '../../core/tagged-json.js';
import type { JsonValue } from '../../core/values.js';
import { shownArtifact } from '../../globals/artifact-types.js';
import { shownSession } from '../../globals/session-types.js';
import type { SessionRecord } from '../../sessions/record.js';
import type { SessionWork } from './with-sessions.js';

/** What is exported beside what always is. */
export interface ExportOptions {
  /** The content of the artifacts, in base64. */
  readonly content: boolean;
  /** Secrets in the state as they are. */
  readonly secrets: boolean;
}

/** A session line by line: itself, its state, its artifacts, and every event of every run that worked in it. */
export async function* exportSession(
  record: SessionRecord,
  work: SessionWork,
  options: ExportOptions,
): AsyncGenerator<JsonValue> {
  yield { session: shownSession(record) };
  yield* stateOf(record.id, work, options);
  yield* artifactsOf(record.id, work, options);
  const journal = await work.services.journal();
  const runs = await journal.runs({ session: record.id });
  for (const { run } of runs.reverse())
    for await (const event of journal.events(run)) yield { event: event as unknown as JsonValue };
}

async function* stateOf(
  id: string,
  { services, context }: SessionWork,
  { secrets }: ExportOptions,
): AsyncGenerator<JsonValue> {
  const state = await services.state();
  const scope = `session:${id}`;
  for (const key of await state.listKeys(scope)) {
    const value = toTagged((await state.load(scope, key, context)) as never) as JsonValue;
    yield { state: { scope, key, value: secrets ? value : state.redact(value) } };
  }
}

async function* artifactsOf(
  id: string,
  { artifacts, context }: SessionWork,
  { content }: ExportOptions,
): AsyncGenerator<JsonValue> {
  for (const record of await artifacts.list(id, context)) {
    const base64 = content ? (await artifacts.content(record, context)).toString('base64') : undefined;
    yield { artifact: { ...shownArtifact(record), ...(base64 !== undefined && { content: base64 }) } };
  }
}
