import { basename } from 'node:path';
import { fail } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import { shownArtifact } from '../../globals/artifact-types.js';
import type { ArtifactRecord } from '../../sessions/artifact-record.js';
import { defineCommand, option } from '../command.js';
import { printResult } from '../render/print.js';
import { readContent, writeContent } from '../sessions/content.js';
import { artifactTable } from '../sessions/render.js';
import { findSession, TENANT_OPTIONS, withSessions } from '../sessions/with-sessions.js';

const SESSION = { name: 'SESSION', doc: 'The id of a session, the beginning of it, or its name' };
const ARTIFACT = {
  name: 'ARTIFACT',
  doc: 'A name (its newest version is meant), or the beginning of a hash',
};

const list = defineCommand({
  name: 'list',
  summary: 'Show artifacts',
  args: [{ ...SESSION, doc: `${SESSION.doc}; all sessions when absent`, optional: true }],
  options: {
    ...TENANT_OPTIONS,
    name: { value: 'PATTERN', doc: 'Only names with this in them, or a glob' },
    type: { value: 'TYPE', doc: 'Only artifacts of this type' },
    tag: { value: 'TAG', repeat: true, doc: 'Only artifacts with this tag' },
  },
  examples: ['llmspell artifact list notes', "llmspell artifact list --name '*.txt' --output json"],
  run: (invocation) =>
    withSessions(invocation, undefined, async ({ sessions, artifacts, context }) => {
      const { SESSION: id } = invocation.args;
      const session = id === undefined ? undefined : (await findSession(sessions, id, context)).id;
      const query = {
        session,
        namePattern: option(invocation, 'name'),
        type: option(invocation, 'type'),
        tags: invocation.options.tag,
      };
      const found = await artifacts.query(query, context);
      printResult(invocation, { json: found.map(shownArtifact), text: () => artifactTable(found) });
      return EXIT.ok;
    }),
});

const get = defineCommand({
  name: 'get',
  summary: 'Write the content of an artifact to standard output, or to a file',
  args: [SESSION, ARTIFACT],
  options: {
    ...TENANT_OPTIONS,
    out: {
      value: 'FILE',
      short: 'o',
      complete: 'file',
      doc: 'Write to a file, which appears whole or not at all',
    },
  },
  examples: ['llmspell artifact get notes report.md', 'llmspell artifact get notes report.md -o report.md'],
  run: (invocation) =>
    withSessions(invocation, undefined, async ({ sessions, artifacts, context }) => {
      const session = await findSession(sessions, invocation.args.SESSION!, context);
      const record = findArtifact(await artifacts.list(session.id, context), invocation.args.ARTIFACT!);
      await writeContent(invocation, option(invocation, 'out'), artifacts.read(record, context));
      return EXIT.ok;
    }),
});

const put = defineCommand({
  name: 'put',
  summary: 'Store a file as the next version of an artifact',
  args: [SESSION, { name: 'FILE', doc: 'The file; - is standard input' }],
  options: {
    ...TENANT_OPTIONS,
    name: { value: 'NAME', doc: 'Its name; the name of the file when absent' },
    type: { value: 'TYPE', doc: 'Its type; user_input when absent' },
    'mime-type': { value: 'TYPE', doc: 'For example text/markdown' },
    tag: { value: 'TAG', repeat: true, doc: 'A tag' },
  },
  examples: ['llmspell artifact put notes report.md --tag final'],
  run: (invocation) =>
    withSessions(invocation, 'artifact put', async ({ sessions, artifacts, context }) => {
      const session = await findSession(sessions, invocation.args.SESSION!, context);
      const file = invocation.args.FILE!;
      const artifact = {
        name: option(invocation, 'name') ?? (file === '-' ? 'standard input' : basename(file)),
        type: option(invocation, 'type') ?? 'user_input',
        mimeType: option(invocation, 'mime-type'),
        tags: invocation.options.tag,
      };
      const record = await artifacts.store(
        session.id,
        artifact,
        readContent(invocation, file, context.signal),
        context,
      );
      printResult(invocation, { json: shownArtifact(record), text: () => artifactTable([record]) });
      return EXIT.ok;
    }),
});

const verify = defineCommand({
  name: 'verify',
  summary: 'Read every artifact and name those that are damaged',
  args: [{ ...SESSION, doc: `${SESSION.doc}; all sessions when absent`, optional: true }],
  options: TENANT_OPTIONS,
  examples: ['llmspell artifact verify'],
  run: (invocation) =>
    withSessions(invocation, undefined, async ({ sessions, artifacts, context }) => {
      const { SESSION: id } = invocation.args;
      const session = id === undefined ? undefined : (await findSession(sessions, id, context)).id;
      const damaged: { artifact: ReturnType<typeof shownArtifact>; error: string }[] = [];
      let checked = 0;
      for await (const { record, intact, error } of artifacts.verify({ session }, context)) {
        checked++;
        if (!intact) damaged.push({ artifact: shownArtifact(record), error: error ?? '' });
      }
      printResult(invocation, {
        json: { checked, damaged },
        text: () =>
          [
            `${checked} artifacts read, ${damaged.length} damaged.`,
            ...damaged.map(({ artifact, error }) => `${artifact.name} v${artifact.version}: ${error}`),
          ].join('\n'),
      });
      return damaged.length > 0 ? EXIT.failure : EXIT.ok;
    }),
});

const gc = defineCommand({
  name: 'gc',
  summary: 'Remove content that no artifact has any more',
  options: TENANT_OPTIONS,
  examples: ['llmspell artifact gc'],
  run: (invocation) =>
    withSessions(invocation, 'artifact gc', async ({ artifacts, context }) => {
      const freed = await artifacts.collect(context);
      printResult(invocation, {
        json: freed,
        text: () => `Removed ${freed.blobs} contents of ${freed.bytes} bytes.`,
      });
      return EXIT.ok;
    }),
});

/** `llmspell artifact`: what sessions have made. */
export default defineCommand({
  name: 'artifact',
  summary: 'List, read, store and check artifacts',
  subcommands: [list, get, put, verify, gc],
});

function findArtifact(records: readonly ArtifactRecord[], wanted: string): ArtifactRecord {
  const named = records.filter(({ name }) => name === wanted);
  const found = named.at(-1) ?? records.findLast(({ hash }) => wanted.length >= 4 && hash.startsWith(wanted));
  if (found) return found;
  throw fail('artifact.not_found', `The session has no artifact '${wanted}'`, {
    hint: 'See: llmspell artifact list SESSION',
  });
}
