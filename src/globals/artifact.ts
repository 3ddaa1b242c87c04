import { basename } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../core/values.js';
import { readChunksGuarded, writeChunksGuarded } from '../security/files.js';
import { type ArtifactRecord, idOf } from '../sessions/artifact-record.js';
import {
  artifactId,
  artifactInfo,
  artifactQuery,
  artifactsOf,
  changesOf,
  contentOf,
  contentParam,
  detailsOf,
  meant,
  metadataParam,
  ownerOf,
  ownerParam,
  queryOf,
  shownArtifact,
  shownContent,
} from './artifact-types.js';
import { type Call, defineGlobal, member } from './define.js';
import { integer, text } from './types.js';

/** Bytes of a file that can become an artifact; the artifacts' own limit is usually lower. */
const MAX_FILE = 10_000_000_000;

const one = () => ({ session_id: ownerParam(), id: artifactId });

async function recordOf(call: Call, session: string, id: z.output<typeof artifactId>) {
  return (await artifactsOf(call)).get(meant(call, session, id), call.context);
}

async function contentAt(call: Call, session: string, id: z.output<typeof artifactId>) {
  return (await artifactsOf(call)).content(await recordOf(call, session, id), call.context);
}

async function query(call: Call, given: z.output<typeof artifactQuery> | undefined) {
  return (await (await artifactsOf(call)).query(queryOf(given), call.context)).map(shownArtifact);
}

async function storeFile(
  call: Call,
  session: string,
  path: string,
  type: string,
  metadata: JsonObject | undefined,
) {
  const { context } = call;
  const content = readChunksGuarded(call.resolvePath(path), context, { maxBytes: MAX_FILE });
  const artifact = { type, name: basename(path), ...detailsOf(metadata) };
  return {
    ...idOf(await (await artifactsOf(call)).store(ownerOf(call, session), artifact, content, context)),
  };
}

/** The global `Artifact`. */
export default defineGlobal({
  name: 'Artifact',
  doc: 'What sessions make and keep: named versions of content, kept once however often it is stored, checked when it is read.',
  members: {
    store: member({
      doc: 'Stores content as the next version of its name in an active session, and gives the artifact’s id.',
      params: {
        session_id: ownerParam(),
        type: text().describe(
          '`agent_output`, `tool_result`, `user_input`, `system_generated` or any other word.',
        ),
        name: text(),
        content: contentParam(),
        metadata: metadataParam(),
      },
      returns: artifactId,
      run: async (call, { session_id, type, name, content, metadata }) => {
        const artifact = { type, name, ...detailsOf(metadata) };
        const artifacts = await artifactsOf(call);
        const record = await artifacts.store(
          ownerOf(call, session_id),
          artifact,
          contentOf(content),
          call.context,
        );
        return { ...idOf(record) };
      },
      example: {
        lua: 'local sid = Session.create()\nlocal id = Artifact.store(sid, "tool_result", "out.txt", "hi", { mime_type = "text/plain", tags = { "a" } })\nprint(Artifact.get(sid, id).content, id.sequence)',
        javascript:
          'const sid = Session.create();\nconst id = Artifact.store(sid, "tool_result", "out.txt", "hi", { mime_type: "text/plain", tags: ["a"] });\nprint(Artifact.get(sid, id).content, id.sequence);',
      },
    }),
    get: member({
      doc: 'The content of an artifact and what is known of it. Raises when the content is not what was stored.',
      params: one(),
      returns: z.object({
        content: z.any().describe('Text where it is UTF-8, else bytes.'),
        metadata: artifactInfo,
      }),
      run: async (call, { session_id, id }) => {
        const record = await recordOf(call, session_id, id);
        const content = await (await artifactsOf(call)).content(record, call.context);
        return { content: shownContent(content), metadata: shownArtifact(record) };
      },
      example: {
        lua: 'local sid = Session.create()\nlocal id = Artifact.store(sid, "text", "a.txt", "hello")\nlocal got = Artifact.get(sid, id)\nprint(got.content, got.metadata.size)',
        javascript:
          'const sid = Session.create();\nconst id = Artifact.store(sid, "text", "a.txt", "hello");\nconst got = Artifact.get(sid, id);\nprint(got.content, got.metadata.size);',
      },
    }),
    get_content: member({
      doc: 'The content of an artifact alone.',
      params: one(),
      returns: z.any(),
      run: async (call, { session_id, id }) => shownContent(await contentAt(call, session_id, id)),
      example: {
        lua: 'local sid = Session.create()\nprint(Artifact.get_content(sid, Artifact.store(sid, "text", "a.txt", "hello")))',
        javascript:
          'const sid = Session.create();\nprint(Artifact.getContent(sid, Artifact.store(sid, "text", "a.txt", "hello")));',
      },
    }),
    list: member({
      doc: 'What a session has, oldest first.',
      params: { session_id: ownerParam().optional() },
      returns: z.array(artifactInfo),
      run: async (call, { session_id = '' }) =>
        (await (await artifactsOf(call)).list(ownerOf(call, session_id), call.context)).map(shownArtifact),
      example: {
        lua: 'local sid = Session.create()\nArtifact.store(sid, "text", "a.txt", "hello")\nfor _, a in ipairs(Artifact.list(sid)) do print(a.name, a.version, a.size) end',
        javascript:
          'const sid = Session.create();\nArtifact.store(sid, "text", "a.txt", "hello");\nfor (const a of Artifact.list(sid)) print(a.name, a.version, a.size);',
      },
    }),
    delete: member({
      doc: 'Forgets an artifact. Its content goes when no other artifact has it.',
      params: one(),
      run: async (call, { session_id, id }) =>
        (await artifactsOf(call)).delete(meant(call, session_id, id), call.context),
      example: {
        lua: 'local sid = Session.create()\nlocal id = Artifact.store(sid, "text", "a.txt", "hello")\nArtifact.delete(sid, id)\nprint(pcall(Artifact.get, sid, id))',
        javascript:
          'const sid = Session.create();\nconst id = Artifact.store(sid, "text", "a.txt", "hello");\nArtifact.delete(sid, id);\ntry { Artifact.get(sid, id); } catch (e) { print(e.code); }',
      },
    }),
    store_file: member({
      doc: 'Stores a file, piece by piece; its name is the file’s. Needs the grant to read it.',
      params: { session_id: ownerParam(), path: text(), type: text(), metadata: metadataParam() },
      returns: artifactId,
      run: (call, { session_id, path, type, metadata }) => storeFile(call, session_id, path, type, metadata),
      example: {
        lua: 'local sid = Session.create()\nlocal path = os.tmpname()\nlocal file = io.open(path, "w")\nfile:write("hello")\nfile:close()\nprint(Artifact.get_content(sid, Artifact.store_file(sid, path, "text")))\nos.remove(path)',
        javascript:
          'const sid = Session.create();\nconst path = "/tmp/llmspell-example-" + sid;\nTool.execute("file-operations", { operation: "write", path, input: "hello" });\nprint(Artifact.getContent(sid, Artifact.storeFile(sid, path, "text")));\nTool.execute("file-operations", { operation: "delete", path });',
      },
    }),
    save_to_file: member({
      doc: 'Writes the content of an artifact to a file, which appears whole or not at all. Needs the grant to write it.',
      params: { ...one(), path: text() },
      returns: z.object({ path: z.string(), size: z.int() }),
      run: async (call, { session_id, id, path }) => {
        const record = await recordOf(call, session_id, id);
        const content = (await artifactsOf(call)).read(record, call.context);
        return writeChunksGuarded(call.resolvePath(path), content, call.context, { maxBytes: MAX_FILE });
      },
      example: {
        lua: 'local sid = Session.create()\nlocal id = Artifact.store(sid, "text", "a.txt", "hello")\nlocal path = os.tmpname()\nprint(Artifact.save_to_file(sid, id, path).size)\nos.remove(path)',
        javascript:
          'const sid = Session.create();\nconst id = Artifact.store(sid, "text", "a.txt", "hello");\nconst path = "/tmp/llmspell-example-" + sid;\nprint(Artifact.saveToFile(sid, id, path).size);\nTool.execute("file-operations", { operation: "delete", path });',
      },
    }),
    query: member({
      doc: 'The artifacts that a query asks for, newest first; of all sessions unless one is named.',
      params: { query: artifactQuery.optional() },
      returns: z.array(artifactInfo),
      aliases: ['search'],
      run: (call, { query: given }) => query(call, given),
      example: {
        lua: 'local sid = Session.create()\nArtifact.store(sid, "text", "report.txt", "x", { tags = { "final" } })\nprint(#Artifact.query({ session_id = sid, name_pattern = "report*", tags = { "final" } }))',
        javascript:
          'const sid = Session.create();\nArtifact.store(sid, "text", "report.txt", "x", { tags: ["final"] });\nprint(Artifact.query({ session_id: sid, name_pattern: "report*", tags: ["final"] }).length);',
      },
    }),
    find_by_tag: member({
      doc: 'The artifacts with a tag, newest first.',
      params: { tag: text(), session_id: text().optional() },
      returns: z.array(artifactInfo),
      run: (call, { tag, session_id }) => query(call, { tags: [tag], session_id }),
      example: {
        lua: 'local sid = Session.create()\nArtifact.store(sid, "text", "a.txt", "x", { tags = { "mine" } })\nprint(#Artifact.find_by_tag("mine", sid))',
        javascript:
          'const sid = Session.create();\nArtifact.store(sid, "text", "a.txt", "x", { tags: ["mine"] });\nprint(Artifact.findByTag("mine", sid).length);',
      },
    }),
    find_by_type: member({
      doc: 'The artifacts of a type, newest first.',
      params: { type: text(), session_id: text().optional() },
      returns: z.array(artifactInfo),
      run: (call, { type, session_id }) => query(call, { type, session_id }),
      example: {
        lua: 'local sid = Session.create()\nArtifact.store(sid, "tool_result", "a.txt", "x")\nprint(#Artifact.find_by_type("tool_result", sid))',
        javascript:
          'const sid = Session.create();\nArtifact.store(sid, "tool_result", "a.txt", "x");\nprint(Artifact.findByType("tool_result", sid).length);',
      },
    }),
    update: member({
      doc: 'Changes what is said of an artifact. What is not named stays as it is, and so does the content; a table `custom` replaces all that was kept there.',
      params: { ...one(), metadata: metadataParam() },
      returns: artifactInfo,
      run: async (call, { session_id, id, metadata }) => {
        const artifacts = await artifactsOf(call);
        const change = (before: ArtifactRecord) => changesOf(before, metadata);
        return shownArtifact(await artifacts.describe(meant(call, session_id, id), change, call.context));
      },
      example: {
        lua: 'local sid = Session.create()\nlocal id = Artifact.store(sid, "text", "a.txt", "x")\nprint(Artifact.update(sid, id, { tags = { "seen" } }).tags[1])',
        javascript:
          'const sid = Session.create();\nconst id = Artifact.store(sid, "text", "a.txt", "x");\nprint(Artifact.update(sid, id, { tags: ["seen"] }).tags[0]);',
      },
    }),
    versions: member({
      doc: 'All versions of a name in a session, oldest first.',
      params: { session_id: ownerParam(), name: text() },
      returns: z.array(artifactInfo),
      run: async (call, { session_id, name }) => {
        const all = await (await artifactsOf(call)).list(ownerOf(call, session_id), call.context);
        return all.filter((record) => record.name === name).map(shownArtifact);
      },
      example: {
        lua: 'local sid = Session.create()\nArtifact.store(sid, "text", "a.txt", "one")\nArtifact.store(sid, "text", "a.txt", "two")\nprint(#Artifact.versions(sid, "a.txt"))',
        javascript:
          'const sid = Session.create();\nArtifact.store(sid, "text", "a.txt", "one");\nArtifact.store(sid, "text", "a.txt", "two");\nprint(Artifact.versions(sid, "a.txt").length);',
      },
    }),
    verify: member({
      doc: 'Reads all artifacts of a session (or of all) and gives those whose content is not what was stored.',
      params: { session_id: text().optional() },
      returns: z.array(z.object({ id: artifactId, name: z.string(), error: z.string() })),
      run: async (call, { session_id }) => {
        const damaged = [];
        for await (const { record, intact, error } of (await artifactsOf(call)).verify(
          { session: session_id },
          call.context,
        ))
          if (!intact) damaged.push({ id: { ...idOf(record) }, name: record.name, error: error ?? '' });
        return damaged;
      },
      example: {
        lua: 'local sid = Session.create()\nArtifact.store(sid, "text", "a.txt", "one")\nprint(#Artifact.verify(sid))',
        javascript:
          'const sid = Session.create();\nArtifact.store(sid, "text", "a.txt", "one");\nprint(Artifact.verify(sid).length);',
      },
    }),
    collect_garbage: member({
      doc: 'Removes content that no artifact has any more and that nobody stored lately; how much that was.',
      params: {
        grace_seconds: integer().optional().describe('How lately; 600 unless said otherwise.'),
      },
      returns: z.object({ blobs: z.int(), bytes: z.int() }),
      aliases: ['gc'],
      run: async (call, { grace_seconds }) =>
        (await artifactsOf(call)).collect(
          call.context,
          grace_seconds === undefined ? undefined : grace_seconds * 1000,
        ),
      example: {
        lua: 'print(Artifact.collect_garbage().blobs >= 0)',
        javascript: 'print(Artifact.collectGarbage().blobs >= 0);',
      },
    }),
  },
});
