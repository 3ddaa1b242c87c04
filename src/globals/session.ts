import { z } from 'zod';
import { toJson } from '../core/values.js';
import { sessionId } from '../sessions/record.js';
import { type BuilderDefinition, defineGlobal, member } from './define.js';
import { sessionReplayMembers } from './session-replay.js';
import {
  detailsOf,
  newSession,
  queryOf,
  sessionDetails,
  sessionIdParam,
  sessionInfo,
  sessionOptions,
  sessionQuery,
  sessionsOf,
  shownSession,
} from './session-types.js';
import { anyValue, text } from './types.js';

const builder: BuilderDefinition = {
  setters: {
    name: { action: 'set', key: 'name', doc: 'What it is called.', type: z.string() },
    description: { action: 'set', key: 'description', doc: 'What it is for.', type: z.string() },
    tag: { action: 'append', key: 'tags', doc: 'One more tag.', type: z.string() },
    tags: { action: 'append', key: 'tags', doc: 'More tags.', type: z.array(z.string()) },
  },
  finish: { build: '@build' },
};

/** The builder gathers single tags and lists of them. */
function flatTags(definition: unknown): unknown {
  const { tags, ...rest } = definition as { tags?: unknown[] };
  return Array.isArray(tags) ? { ...rest, tags: tags.flat() } : rest;
}

const created = { returns: z.string() };

/** The global `Session`. */
export default defineGlobal({
  name: 'Session',
  doc: 'Work that goes on over several runs: its status, its state, its artifacts and everything that ran in it.',
  members: {
    create: member({
      doc: 'Makes an active session and gives its id, a UUID. Raises when too many are active.',
      params: { options: sessionOptions.optional() },
      ...created,
      run: async (call, { options }) =>
        (await (await sessionsOf(call)).create(newSession(options), call.context)).id,
      example: {
        lua: 'local id = Session.create({ name = "notes", tags = { "demo" } })\nprint(Session.get(id).status)\nSession.complete(id)',
        javascript:
          'const id = Session.create({ name: "notes", tags: ["demo"] });\nprint(Session.get(id).status);\nSession.complete(id);',
      },
    }),
    builder: member({
      doc: 'Begins a session. Each setter returns the builder; `build()` makes the session and gives its id.',
      params: {},
      returns: z.any(),
      where: 'isolate',
      builder,
      example: {
        lua: 'local id = Session.builder():name("notes"):tag("a"):tags({ "b" }):build()\nprint(#Session.get(id).tags)',
        javascript:
          'const id = Session.builder().name("notes").tag("a").tags(["b"]).build();\nprint(Session.get(id).tags.length);',
      },
    }),
    '@build': member({
      doc: 'Makes the session that a builder gathered.',
      params: { definition: z.preprocess(flatTags, sessionOptions) },
      ...created,
      run: async (call, { definition }) =>
        (await (await sessionsOf(call)).create(newSession(definition), call.context)).id,
    }),
    get: member({
      doc: 'What is known of a session. Raises when there is none of that id.',
      params: { id: sessionIdParam() },
      returns: sessionInfo,
      run: async (call, { id }) => shownSession(await (await sessionsOf(call)).get(id, call.context)),
      example: {
        lua: 'local id = Session.create({ name = "notes" })\nprint(Session.get(id).name, Session.get(id).created_at)',
        javascript:
          'const id = Session.create({ name: "notes" });\nprint(Session.get(id).name, Session.get(id).created_at);',
      },
    }),
    list: member({
      doc: 'The sessions, the longest silent first unless said otherwise.',
      params: { query: sessionQuery.optional() },
      returns: z.array(sessionInfo),
      aliases: ['search', 'find'],
      run: async (call, { query }) =>
        (await (await sessionsOf(call)).find(queryOf(query), call.context)).map(shownSession),
      example: {
        lua: 'Session.create({ name = "a", tags = { "x" } })\nfor _, s in ipairs(Session.list({ tags = { "x" }, status = "active", sort_by = "name" })) do print(s.name) end',
        javascript:
          'Session.create({ name: "a", tags: ["x"] });\nfor (const s of Session.list({ tags: ["x"], status: "active", sort_by: "name" })) print(s.name);',
      },
    }),
    update: member({
      doc: 'Changes the name, the description, the tags or the metadata of a session.',
      params: { id: sessionIdParam(), details: sessionDetails },
      returns: sessionInfo,
      run: async (call, { id, details }) =>
        shownSession(await (await sessionsOf(call)).describe(id, detailsOf(details), call.context)),
      example: {
        lua: 'local id = Session.create()\nprint(Session.update(id, { name = "now it has one", metadata = { topic = "x" } }).name)',
        javascript:
          'const id = Session.create();\nprint(Session.update(id, { name: "now it has one", metadata: { topic: "x" } }).name);',
      },
    }),
    save: member({
      doc: 'Makes a checkpoint: everything is durable anyway; handlers of SessionSave are told, and `saved_at` is now.',
      params: { id: sessionIdParam() },
      run: async (call, { id }) => void (await (await sessionsOf(call)).save(id, call.context)),
      example: {
        lua: 'local id = Session.create()\nSession.save(id)\nprint(Session.get(id).saved_at)',
        javascript: 'const id = Session.create();\nSession.save(id);\nprint(Session.get(id).saved_at);',
      },
    }),
    load: member({
      doc: 'Takes a session up, whichever process made it; what was suspended or has expired is active again. Gives its id.',
      params: { id: sessionIdParam() },
      ...created,
      run: async (call, { id }) => (await (await sessionsOf(call)).load(id, call.context)).id,
      example: {
        lua: 'local id = Session.create()\nSession.suspend(id)\nprint(Session.get(Session.load(id)).status)',
        javascript:
          'const id = Session.create();\nSession.suspend(id);\nprint(Session.get(Session.load(id)).status);',
      },
    }),
    suspend: member({
      doc: 'Puts an active session aside. While it is suspended it takes no artifacts and does not expire.',
      params: { id: sessionIdParam() },
      run: async (call, { id }) => void (await (await sessionsOf(call)).suspend(id, call.context)),
      example: {
        lua: 'local id = Session.create()\nSession.suspend(id)\nprint(Session.get(id).status)\nSession.resume(id)',
        javascript:
          'const id = Session.create();\nSession.suspend(id);\nprint(Session.get(id).status);\nSession.resume(id);',
      },
    }),
    resume: member({
      doc: 'Takes up a suspended or expired session. Raises when it is neither.',
      params: { id: sessionIdParam() },
      run: async (call, { id }) => void (await (await sessionsOf(call)).resume(id, call.context)),
      example: {
        lua: 'local id = Session.create()\nprint(pcall(Session.resume, id))\nSession.suspend(id)\nSession.resume(id)',
        javascript:
          'const id = Session.create();\ntry { Session.resume(id); } catch (e) { print(e.code); }\nSession.suspend(id);\nSession.resume(id);',
      },
    }),
    complete: member({
      doc: 'Ends a session, with a summary if there is one. It can still be read.',
      params: { id: sessionIdParam(), summary: anyValue().optional() },
      run: async (call, { id, summary }) => {
        const said = summary === undefined || summary === null ? undefined : toJson(summary);
        await (await sessionsOf(call)).complete(id, said, call.context);
      },
      example: {
        lua: 'local id = Session.create()\nSession.complete(id, { answered = 3 })\nprint(Session.get(id).status, Session.get(id).summary.answered)',
        javascript:
          'const id = Session.create();\nSession.complete(id, { answered: 3 });\nprint(Session.get(id).status, Session.get(id).summary.answered);',
      },
    }),
    fail: member({
      doc: 'Ends a session that went wrong.',
      params: { id: sessionIdParam(), reason: text().optional() },
      run: async (call, { id, reason }) =>
        void (await (await sessionsOf(call)).fail(id, reason, call.context)),
      example: {
        lua: 'local id = Session.create()\nSession.fail(id, "no answer")\nprint(Session.get(id).status, Session.get(id).reason)',
        javascript:
          'const id = Session.create();\nSession.fail(id, "no answer");\nprint(Session.get(id).status, Session.get(id).reason);',
      },
    }),
    archive: member({
      doc: 'Puts an ended session away: it can be read and deleted, nothing else.',
      params: { id: sessionIdParam() },
      run: async (call, { id }) => void (await (await sessionsOf(call)).archive(id, call.context)),
      example: {
        lua: 'local id = Session.create()\nSession.complete(id)\nSession.archive(id)\nprint(Session.get(id).status)',
        javascript:
          'const id = Session.create();\nSession.complete(id);\nSession.archive(id);\nprint(Session.get(id).status);',
      },
    }),
    delete: member({
      doc: 'Forgets a session with its artifacts and its state (scope `session:<id>`).',
      params: { id: sessionIdParam() },
      run: async (call, { id }) => {
        await (await sessionsOf(call)).delete(id, call.context);
        const { currentSession } = call.services;
        if (currentSession.id === sessionId(id)) currentSession.id = undefined;
      },
      example: {
        lua: 'local id = Session.create()\nSession.delete(id)\nprint(pcall(Session.get, id))',
        javascript:
          'const id = Session.create();\nSession.delete(id);\ntry { Session.get(id); } catch (e) { print(e.code); }',
      },
    }),
    get_current: member({
      doc: 'The id of the session in which this script works, or nil.',
      params: {},
      returns: z.string().nullable(),
      run: ({ services }) => services.currentSession.id ?? null,
      example: {
        lua: 'print(Session.get_current())\nSession.set_current(Session.create())\nprint(Session.get_current() ~= nil)',
        javascript:
          'print(Session.getCurrent());\nSession.setCurrent(Session.create());\nprint(Session.getCurrent() !== null);',
      },
    }),
    set_current: member({
      doc: 'Has this script, and what it runs later, work in a session: what it does is in that session’s journal. nil ends that.',
      params: { id: text().optional() },
      run: async (call, { id }) => {
        const { currentSession } = call.services;
        if (id !== undefined) await (await sessionsOf(call)).enter(id, call.context);
        else if (currentSession.id !== undefined)
          call.context.emit({ type: 'session.changed', session: currentSession.id, change: 'left' });
        currentSession.id = id === undefined ? undefined : sessionId(id);
      },
      example: {
        lua: 'local id = Session.create()\nSession.set_current(id)\nprint(Session.get_current() == id)\nSession.set_current()',
        javascript:
          'const id = Session.create();\nSession.setCurrent(id);\nprint(Session.getCurrent() === id);\nSession.setCurrent();',
      },
    }),
    cleanup: member({
      doc: 'Forgets ended sessions that have been kept for long enough, and content that no artifact has; how many sessions.',
      params: {},
      returns: z.int(),
      run: async (call) => (await sessionsOf(call)).cleanUp(call.context),
      example: { lua: 'print(Session.cleanup())', javascript: 'print(Session.cleanup());' },
    }),
    ...sessionReplayMembers,
  },
});
