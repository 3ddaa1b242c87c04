import { memberCase as is, type MemberCase } from './case.js';

/** What each member of `State` does. */
export const STATE_CASES: readonly MemberCase[] = [
  is(
    'State.save',
    ['light 10'],
    'State.save("project", "look", { theme = "light", sizes = { 10, 12 } })\nlocal look = State.load("project", "look")\nprint(look.theme, look.sizes[1])',
    'State.save("project", "look", { theme: "light", sizes: [10, 12] });\nconst look = State.load("project", "look");\nprint(look.theme, look.sizes[0]);',
  ),
  is(
    'State.load',
    ['true', 'changed only here', 'kept'],
    'print(State.load("global", "nothing") == nil)\nState.save("global", "t", { text = "kept" })\nlocal t = State.load("global", "t")\nt.text = "changed only here"\nprint(t.text)\nprint(State.load("global", "t").text)',
    'print(State.load("global", "nothing") === null);\nState.save("global", "t", { text: "kept" });\nconst t = State.load("global", "t");\nt.text = "changed only here";\nprint(t.text);\nprint(State.load("global", "t").text);',
  ),
  is(
    'State.delete',
    ['true false', 'false'],
    'State.set("gone", 1)\nprint(State.delete("global", "gone"), State.delete("global", "gone"))\nprint(State.exists("gone"))',
  ),
  is(
    'State.list_keys',
    ['a,b', 'a,b', '0'],
    'State.save("list", "b", 1)\nState.save("list", "a", 2)\nprint(table.concat(State.list_keys("list"), ","))\nprint(table.concat(State.list_keys("list:"), ","))\nprint(#State.list_keys("empty"))',
    'State.save("list", "b", 1);\nState.save("list", "a", 2);\nprint(State.listKeys("list").join(","));\nprint(State.listKeys("list:").join(","));\nprint(State.listKeys("empty").length);',
  ),
  is(
    'State.list_scopes',
    ['global,user:kim'],
    'State.save("user:kim", "name", "Kim")\nState.set("x", 1)\nprint(table.concat(State.list_scopes(), ","))',
    'State.save("user:kim", "name", "Kim");\nState.set("x", 1);\nprint(State.listScopes().join(","));',
  ),
  is(
    'State.set_scope',
    ['1', 'true'],
    'State.set_scope("user:kim")\nState.set("n", 1)\nState.set_scope()\nprint(State.load("user:kim", "n"))\nprint(State.get("n") == nil)',
    'State.setScope("user:kim");\nState.set("n", 1);\nState.setScope();\nprint(State.load("user:kim", "n"));\nprint(State.get("n") === null);',
  ),
  is(
    'State.get',
    ['1 1 1', 'false'],
    'State.save("a", "b", 1)\nprint(State.get("a:b"), State.get("a", "b"), State.load("a", "b"))\nState.set("lock", false)\nprint(State.get("lock"))',
  ),
  is(
    'State.set',
    ['1', '2', '3', 'true', '4'],
    'State.set("one", 1)\nprint(State.get("one"))\nState.set("scope", "two", 2)\nprint(State.load("scope", "two"))\nState.set("soon", 3, { ttl_seconds = 60 })\nprint(State.get("soon"))\nState.set("one", nil)\nprint(State.get("one") == nil)\nState.set("scope", "four", 4, { ttl_seconds = 60 })\nprint(State.get("scope", "four"))',
    'State.set("one", 1);\nprint(State.get("one"));\nState.set("scope", "two", 2);\nprint(State.load("scope", "two"));\nState.set("soon", 3, { ttl_seconds: 60 });\nprint(State.get("soon"));\nState.set("one", null);\nprint(State.get("one") === null);\nState.set("scope", "four", 4, { ttl_seconds: 60 });\nprint(State.get("scope", "four"));',
  ),
  is(
    'State.exists',
    ['true false true'],
    'State.set("there", false)\nprint(State.exists("there"), State.exists("not there"), State.exists("global", "there"))',
  ),
  is(
    'State.keys',
    ['a,scope:b'],
    'State.set("a", 1)\nState.save("scope", "b", 2)\nprint(table.concat(State.keys(), ","))',
    'State.set("a", 1);\nState.save("scope", "b", 2);\nprint(State.keys().join(","));',
  ),
  is(
    'State.all',
    ['1 2'],
    'State.set("a", 1)\nState.save("scope", "b", 2)\nlocal all = State.all()\nprint(all.a, all["scope:b"])',
    'State.set("a", 1);\nState.save("scope", "b", 2);\nconst all = State.all();\nprint(all.a, all["scope:b"]);',
  ),
  is(
    'State.compare_and_set',
    ['true false true', '3'],
    'local function cas(old, new) return State.compare_and_set("global", "n", old, new) end\nprint(cas(nil, 1), cas(2, 3), cas(1, 3))\nprint(State.get("n"))',
    'const cas = (old, next) => State.compareAndSet("global", "n", old, next);\nprint(cas(null, 1), cas(2, 3), cas(1, 3));\nprint(State.get("n"));',
  ),
  is(
    'State.increment',
    ['1 6 4'],
    'print(State.increment("global", "n"), State.increment("global", "n", 5), State.increment("global", "n", -2))',
  ),
  is(
    'State.load_with_version',
    ['0', 'x true'],
    'print(State.load_with_version("global", "v").version)\nState.set("v", "x")\nlocal entry = State.load_with_version("global", "v")\nprint(entry.value, entry.version > 0)',
    'print(State.loadWithVersion("global", "v").version);\nState.set("v", "x");\nconst entry = State.loadWithVersion("global", "v");\nprint(entry.value, entry.version > 0);',
  ),
  is(
    'State.save_if_version',
    ['true', 'state.conflict', 'mine'],
    'local first = State.save_if_version("global", "v", "mine", 0)\nprint(first > 0)\npcall(State.save_if_version, "global", "v", "theirs", 0)\nprint(Debug.last_error().code)\nprint(State.get("v"))',
    'const first = State.saveIfVersion("global", "v", "mine", 0);\nprint(first > 0);\ntry { State.saveIfVersion("global", "v", "theirs", 0); } catch (error) { print(error.code); }\nprint(State.get("v"));',
  ),
  is(
    'State.batch',
    ['true 2', 'true'],
    'State.set("a", 1)\nState.batch({ { op = "delete", key = "a" }, { key = "b", value = 2 } })\nprint(State.get("a") == nil, State.get("b"))\npcall(State.batch, { { key = "c", value = 3 }, { key = "", value = 4 } })\nprint(State.get("c") == nil)',
    'State.set("a", 1);\nState.batch([{ op: "delete", key: "a" }, { key: "b", value: 2 }]);\nprint(State.get("a") === null, State.get("b"));\ntry { State.batch([{ key: "c", value: 3 }, { key: "", value: 4 }]); } catch {}\nprint(State.get("c") === null);',
  ),
  is(
    'State.begin_transaction',
    ['1 2', '2'],
    'State.set("n", 1)\nlocal t = State.begin_transaction()\nState.set("n", 2)\nt:rollback()\nlocal before = State.get("n")\nlocal u = State.begin_transaction()\nState.set("n", 2)\nu:commit()\nprint(before, State.get("n"))\nprint(State.load("global", "n"))',
    'State.set("n", 1);\nconst t = State.beginTransaction();\nState.set("n", 2);\nt.rollback();\nconst before = State.get("n");\nconst u = State.beginTransaction();\nState.set("n", 2);\nu.commit();\nprint(before, State.get("n"));\nprint(State.load("global", "n"));',
  ),
  is(
    'State.commit',
    ['2'],
    'State.begin_transaction()\nState.set("n", 2)\nState.commit()\nprint(State.get("n"))',
    'State.beginTransaction();\nState.set("n", 2);\nState.commit();\nprint(State.get("n"));',
  ),
  is(
    'State.rollback',
    ['true'],
    'State.begin_transaction()\nState.set("n", 2)\nState.rollback()\nprint(State.get("n") == nil)',
    'State.beginTransaction();\nState.set("n", 2);\nState.rollback();\nprint(State.get("n") === null);',
  ),
  is(
    'State.watch',
    ['job:1 set 5', 'false'],
    'local w = State.watch("jobs", "job:*", function(c) print(c.key, c.operation, c.value) end)\nState.save("jobs", "job:1", 5)\nState.save("jobs", "other", 5)\nw:unsubscribe()\nState.save("jobs", "job:2", 6)\nprint(w.active)',
    'const w = State.watch("jobs", "job:*", (c) => { print(c.key, c.operation, c.value); });\nState.save("jobs", "job:1", 5);\nState.save("jobs", "other", 5);\nw.unsubscribe();\nState.save("jobs", "job:2", 6);\nprint(w.active);',
  ),
  is(
    'State.wait_for',
    ['true', 'ready'],
    'print(State.wait_for("global", "never", 5) == nil)\nState.set("now", "ready")\nprint(State.wait_for("global", "now", 1000))',
    'print(State.waitFor("global", "never", 5) === null);\nState.set("now", "ready");\nprint(State.waitFor("global", "now", 1000));',
  ),
  is(
    'State.workflow_get',
    ['done done'],
    'State.save("workflow", "42:fetch", "done")\nprint(State.workflow_get("42", "fetch"), State.get("workflow:42:fetch"))',
    'State.save("workflow", "42:fetch", "done");\nprint(State.workflowGet("42", "fetch"), State.get("workflow:42:fetch"));',
  ),
  is(
    'State.workflow_list',
    ['fetch,store'],
    'State.save("workflow:42", "store", 1)\nState.save("workflow:42", "fetch", 1)\nState.save("workflow:43", "other", 1)\nprint(table.concat(State.workflow_list("42"), ","))',
    'State.save("workflow:42", "store", 1);\nState.save("workflow:42", "fetch", 1);\nState.save("workflow:43", "other", 1);\nprint(State.workflowList("42").join(","));',
  ),
  is(
    'State.agent_get',
    ['true'],
    'print(State.agent_get("a1", "nothing") == nil)',
    'print(State.agentGet("a1", "nothing") === null);',
  ),
  is(
    'State.agent_set',
    ['5 5'],
    'State.agent_set("a1", "n", 5)\nprint(State.agent_get("a1", "n"), State.load("agent:a1", "n"))',
    'State.agentSet("a1", "n", 5);\nprint(State.agentGet("a1", "n"), State.load("agent:a1", "n"));',
  ),
  is(
    'State.tool_get',
    ['true'],
    'print(State.tool_get("t1", "nothing") == nil)',
    'print(State.toolGet("t1", "nothing") === null);',
  ),
  is(
    'State.tool_set',
    ['5 5'],
    'State.tool_set("t1", "n", 5)\nprint(State.tool_get("t1", "n"), State.load("tool:t1", "n"))',
    'State.toolSet("t1", "n", 5);\nprint(State.toolGet("t1", "n"), State.load("tool:t1", "n"));',
  ),
];
