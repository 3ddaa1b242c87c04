import { memberCase as is, type MemberCase } from './case.js';

/** What each member of `Session` does. */
export const SESSION_CASES: readonly MemberCase[] = [
  is(
    'Session.create',
    ['notes active 1 kim', 'session.invalid_id'],
    'local id = Session.create({ name = "notes", tags = { "a" }, created_by = "kim" })\nlocal s = Session.get(id)\nprint(s.name, s.status, #s.tags, s.created_by)\npcall(Session.create, { id = "x" })\nprint(Debug.last_error().code)',
    'const id = Session.create({ name: "notes", tags: ["a"], created_by: "kim" });\nconst s = Session.get(id);\nprint(s.name, s.status, s.tags.length, s.created_by);\ntry { Session.create({ id: "x" }); } catch (e) { print(e.code); }',
  ),
  is(
    'Session.builder',
    ['demo about it a,b,c'],
    'local id = Session.builder():name("demo"):description("about it"):tag("a"):tags({ "b", "c" }):build()\nlocal s = Session.get(id)\nprint(s.name, s.description, table.concat(s.tags, ","))',
    'const id = Session.builder().name("demo").description("about it").tag("a").tags(["b", "c"]).build();\nconst s = Session.get(id);\nprint(s.name, s.description, s.tags.join(","));',
  ),
  is(
    'Session.get',
    ['true', 'session.not_found'],
    'local id = Session.create()\nprint(Session.get(id).id == id)\npcall(Session.get, "00000000-0000-4000-8000-000000000000")\nprint(Debug.last_error().code)',
    'const id = Session.create();\nprint(Session.get(id).id === id);\ntry { Session.get("00000000-0000-4000-8000-000000000000"); } catch (e) { print(e.code); }',
  ),
  is(
    'Session.list',
    ['2', 'a', 'b'],
    'local a = Session.create({ name = "a", tags = { "x" } })\nSession.create({ name = "b" })\nprint(#Session.list())\nprint(Session.list({ tags = { "x" } })[1].name)\nSession.suspend(a)\nprint(Session.list({ status = "active" })[1].name)',
    'const a = Session.create({ name: "a", tags: ["x"] });\nSession.create({ name: "b" });\nprint(Session.list().length);\nprint(Session.list({ tags: ["x"] })[0].name);\nSession.suspend(a);\nprint(Session.list({ status: "active" })[0].name);',
  ),
  is(
    'Session.update',
    ['new 1'],
    'local id = Session.create({ name = "old" })\nSession.update(id, { name = "new", metadata = { n = 1 } })\nprint(Session.get(id).name, Session.get(id).custom_metadata.n)',
    'const id = Session.create({ name: "old" });\nSession.update(id, { name: "new", metadata: { n: 1 } });\nprint(Session.get(id).name, Session.get(id).custom_metadata.n);',
  ),
  is(
    'Session.save',
    ['true true'],
    'local id = Session.create()\nlocal before = Session.get(id).saved_at\nSession.save(id)\nprint(before == nil, Session.get(id).saved_at ~= nil)',
    'const id = Session.create();\nconst before = Session.get(id).saved_at;\nSession.save(id);\nprint(before === undefined, Session.get(id).saved_at !== undefined);',
  ),
  is(
    'Session.load',
    ['true active'],
    'local id = Session.create()\nSession.suspend(id)\nprint(Session.load(id) == id, Session.get(id).status)',
    'const id = Session.create();\nSession.suspend(id);\nprint(Session.load(id) === id, Session.get(id).status);',
  ),
  is(
    'Session.suspend',
    ['suspended', 'session.illegal_transition'],
    'local id = Session.create()\nSession.suspend(id)\nprint(Session.get(id).status)\npcall(Session.suspend, id)\nprint(Debug.last_error().code)',
    'const id = Session.create();\nSession.suspend(id);\nprint(Session.get(id).status);\ntry { Session.suspend(id); } catch (e) { print(e.code); }',
  ),
  is(
    'Session.resume',
    ['active', 'session.illegal_transition'],
    'local id = Session.create()\nSession.suspend(id)\nSession.resume(id)\nprint(Session.get(id).status)\npcall(Session.resume, id)\nprint(Debug.last_error().code)',
    'const id = Session.create();\nSession.suspend(id);\nSession.resume(id);\nprint(Session.get(id).status);\ntry { Session.resume(id); } catch (e) { print(e.code); }',
  ),
  is(
    'Session.complete',
    ['completed 3'],
    'local id = Session.create()\nSession.complete(id, { answered = 3 })\nprint(Session.get(id).status, Session.get(id).summary.answered)',
    'const id = Session.create();\nSession.complete(id, { answered: 3 });\nprint(Session.get(id).status, Session.get(id).summary.answered);',
  ),
  is(
    'Session.fail',
    ['failed no answer'],
    'local id = Session.create()\nSession.fail(id, "no answer")\nprint(Session.get(id).status, Session.get(id).reason)',
    'const id = Session.create();\nSession.fail(id, "no answer");\nprint(Session.get(id).status, Session.get(id).reason);',
  ),
  is(
    'Session.archive',
    ['archived'],
    'local id = Session.create()\nSession.complete(id)\nSession.archive(id)\nprint(Session.get(id).status)',
    'const id = Session.create();\nSession.complete(id);\nSession.archive(id);\nprint(Session.get(id).status);',
  ),
  is(
    'Session.delete',
    ['0 true', 'true'],
    'local id = Session.create()\nSession.set_current(id)\nState.save("session:" .. id, "k", 1)\nSession.delete(id)\nprint(#Session.list(), State.load("session:" .. id, "k") == nil)\nprint(Session.get_current() == nil)',
    'const id = Session.create();\nSession.setCurrent(id);\nState.save("session:" + id, "k", 1);\nSession.delete(id);\nprint(Session.list().length, State.load("session:" + id, "k") === null);\nprint(Session.getCurrent() === null);',
  ),
  is(
    'Session.get_current',
    ['true'],
    'print(Session.get_current() == nil)',
    'print(Session.getCurrent() === null);',
  ),
  is(
    'Session.set_current',
    ['true true', 'session.not_found'],
    'local id = Session.create()\nSession.set_current(id)\nlocal inside = Session.get_current() == id\nSession.set_current(nil)\nprint(inside, Session.get_current() == nil)\npcall(Session.set_current, "00000000-0000-4000-8000-000000000000")\nprint(Debug.last_error().code)',
    'const id = Session.create();\nSession.setCurrent(id);\nconst inside = Session.getCurrent() === id;\nSession.setCurrent(null);\nprint(inside, Session.getCurrent() === null);\ntry { Session.setCurrent("00000000-0000-4000-8000-000000000000"); } catch (e) { print(e.code); }',
  ),
  is(
    'Session.replay',
    [
      '3 3 0 0',
      '2 1 "cancel" became "continue"',
      '3 1 hook.failed test',
      'too long',
      '1 1',
      'replay.mode',
      'replay.nothing',
    ],
    'local id = Session.create()\nSession.set_current(id)\nlocal limit = 3\nHook.register("BeforeToolExecution", function(ctx)\n  if ctx.data.input.input == "0" then error("zero") end\n  if #ctx.data.input.input > limit then return { type = "cancel", reason = "too long" } end\nend)\nfor _, text in ipairs({ "1+1", "1+1+1", "0" }) do pcall(Tool.execute, "calculator", { input = text }) end\nlocal r = Session.replay(id)\nprint(r.hooks_replayed, r.successful_replays, r.failed_replays, #r.differences)\nlimit = 100\nr = Session.replay(id)\nprint(r.hooks_replayed, r.failed_replays, r.differences[1].description)\nr = Session.replay(id, { mode = "debug", metadata = { why = "test" } })\nprint(r.hooks_replayed, r.failed_replays, r.hooks[3].recorded.error, r.metadata.why)\nprint(Session.replay(id, { mode = "simulate" }).hooks[2].recorded.reason)\nlocal c = Replay.create_config("modified")\nc:add_modification("data.input.input", "0")\nr = Session.replay(id, c)\nprint(r.hooks_replayed, r.failed_replays)\nfor _, try in ipairs({ { id, { mode = "other" } }, { Session.create() } }) do\n  pcall(Session.replay, table.unpack(try))\n  print(Debug.last_error().code)\nend',
    'const id = Session.create();\nSession.setCurrent(id);\nlet limit = 3;\nHook.register("BeforeToolExecution", (ctx) => {\n  if (ctx.data.input.input === "0") throw new Error("zero");\n  if (ctx.data.input.input.length > limit) return { type: "cancel", reason: "too long" };\n});\nfor (const text of ["1+1", "1+1+1", "0"]) try { Tool.execute("calculator", { input: text }); } catch {}\nlet r = Session.replay(id);\nprint(r.hooks_replayed, r.successful_replays, r.failed_replays, r.differences.length);\nlimit = 100;\nr = Session.replay(id);\nprint(r.hooks_replayed, r.failed_replays, r.differences[0].description);\nr = Session.replay(id, { mode: "debug", metadata: { why: "test" } });\nprint(r.hooks_replayed, r.failed_replays, r.hooks[2].recorded.error, r.metadata.why);\nprint(Session.replay(id, { mode: "simulate" }).hooks[1].recorded.reason);\nconst c = Replay.createConfig("modified");\nc.addModification("data.input.input", "0");\nr = Session.replay(id, c);\nprint(r.hooks_replayed, r.failed_replays);\nfor (const attempt of [[id, { mode: "other" }], [Session.create()]]) {\n  try { Session.replay(...attempt); } catch (e) { print(e.code); }\n}',
  ),
  is(
    'Session.can_replay',
    ['false', 'true false', 'session.not_found'],
    'local id = Session.create()\nHook.register("BeforeStateRead", function() end)\nState.get("x")\nprint(Session.can_replay(id))\nSession.set_current(id)\nState.get("x")\nSession.set_current()\nState.get("x")\nprint(Session.can_replay(id), Session.can_replay(Session.create()))\npcall(Session.can_replay, "00000000-0000-4000-8000-000000000000")\nprint(Debug.last_error().code)',
    'const id = Session.create();\nHook.register("BeforeStateRead", () => {});\nState.get("x");\nprint(Session.canReplay(id));\nSession.setCurrent(id);\nState.get("x");\nSession.setCurrent(null);\nState.get("x");\nprint(Session.canReplay(id), Session.canReplay(Session.create()));\ntry { Session.canReplay("00000000-0000-4000-8000-000000000000"); } catch (e) { print(e.code); }',
  ),
  is(
    'Session.get_replay_metadata',
    ['0 false true', '2 true true true'],
    'local id = Session.create()\nlocal m = Session.get_replay_metadata(id)\nprint(m.total_hooks, m.can_replay, m.first_hook_timestamp == nil)\nSession.set_current(id)\nHook.register("BeforeStateRead", function() end)\nState.get("x")\nState.get("y")\nSession.replay(id)\nm = Session.get_replay_metadata(id)\nprint(m.total_hooks, m.can_replay, m.first_hook_timestamp <= m.last_hook_timestamp, m.total_duration >= 0)',
    'const id = Session.create();\nlet m = Session.getReplayMetadata(id);\nprint(m.total_hooks, m.can_replay, m.first_hook_timestamp === undefined);\nSession.setCurrent(id);\nHook.register("BeforeStateRead", () => {});\nState.get("x");\nState.get("y");\nSession.replay(id);\nm = Session.getReplayMetadata(id);\nprint(m.total_hooks, m.can_replay, m.first_hook_timestamp <= m.last_hook_timestamp, m.total_duration >= 0);',
  ),
  is(
    'Session.list_replayable',
    ['0', '1 true'],
    'print(#Session.list_replayable())\nlocal id = Session.create()\nSession.create()\nSession.set_current(id)\nHook.register("BeforeStateRead", function() end)\nState.get("x")\nprint(#Session.list_replayable(), Session.list_replayable()[1] == id)',
    'print(Session.listReplayable().length);\nconst id = Session.create();\nSession.create();\nSession.setCurrent(id);\nHook.register("BeforeStateRead", () => {});\nState.get("x");\nprint(Session.listReplayable().length, Session.listReplayable()[0] === id);',
  ),
  is('Session.cleanup', ['0'], 'Session.complete(Session.create())\nprint(Session.cleanup())'),
];
