import { memberCase as is, type MemberCase } from './case.js';

/** What each member of `Event` does. */
export const EVENT_CASES: readonly MemberCase[] = [
  is(
    'Event.publish',
    ['true 1', 'event.invalid'],
    'local s = Event.subscribe("a.*")\nlocal ok = Event.publish("a.b", { n = 1 })\nprint(ok, Event.receive(s, 100).data.n)\npcall(Event.publish, "")\nprint(Debug.last_error().code)',
    'const s = Event.subscribe("a.*");\nconst ok = Event.publish("a.b", { n: 1 });\nprint(ok, Event.receive(s, 100).data.n);\ntry { Event.publish(""); } catch (e) { print(e.code); }',
  ),
  is(
    'Event.subscribe',
    ['x.a.error 2', 'later', '36'],
    'local s = Event.subscribe({ "*.error", "b" })\nEvent.publish("x.a.error")\nEvent.publish("b", { 1, 2 })\nprint(Event.receive(s, 100).event_type, #Event.receive(s, 100).data)\nEvent.subscribe("later", function(e) print(e.event_type) end)\nEvent.publish("later")\nEvent.drain()\nprint(#s)',
    'const s = Event.subscribe(["*.error", "b"]);\nEvent.publish("x.a.error");\nEvent.publish("b", [1, 2]);\nprint(Event.receive(s, 100).event_type, Event.receive(s, 100).data.length);\nEvent.subscribe("later", (e) => { print(e.event_type); });\nEvent.publish("later");\nEvent.drain();\nprint(s.length);',
  ),
  is(
    'Event.once',
    ['1', '0'],
    'Event.once("n", function(e) print(e.data) end)\nEvent.publish("n", 1)\nEvent.publish("n", 2)\nEvent.drain()\nprint(#Event.list_subscriptions())',
    'Event.once("n", (e) => { print(e.data); });\nEvent.publish("n", 1);\nEvent.publish("n", 2);\nEvent.drain();\nprint(Event.listSubscriptions().length);',
  ),
  is(
    'Event.receive',
    ['true', 'event.not_found'],
    'local s = Event.subscribe("quiet")\nprint(Event.receive(s, 10) == nil)\npcall(Event.receive, "garbage", 10)\nprint(Debug.last_error().code)',
    'const s = Event.subscribe("quiet");\nprint(Event.receive(s, 10) === null);\ntry { Event.receive("garbage", 10); } catch (e) { print(e.code); }',
  ),
  is(
    'Event.receive_batch',
    ['2 1 0'],
    'local s = Event.subscribe("n")\nfor i = 1, 3 do Event.publish("n", i) end\nprint(#Event.receive_batch(s, 2), #Event.receive_batch(s, 10), #Event.receive_batch(s, 10, 5))',
    'const s = Event.subscribe("n");\nfor (const i of [1, 2, 3]) Event.publish("n", i);\nprint(Event.receiveBatch(s, 2).length, Event.receiveBatch(s, 10).length, Event.receiveBatch(s, 10, 5).length);',
  ),
  is(
    'Event.wait_for',
    ['true', 'event.invalid'],
    'print(Event.wait_for("never", 5) == nil)\npcall(Event.wait_for, "", 5)\nprint(Debug.last_error().code)',
    'print(Event.waitFor("never", 5) === null);\ntry { Event.waitFor("", 5); } catch (e) { print(e.code); }',
  ),
  is(
    'Event.drain',
    ['in', 'true'],
    'Event.subscribe("n", function() print("in") end)\nEvent.publish("n")\nprint(Event.drain(1000))',
    'Event.subscribe("n", () => { print("in"); });\nEvent.publish("n");\nprint(Event.drain(1000));',
  ),
  is(
    'Event.unsubscribe',
    ['true false false'],
    'local s = Event.subscribe("n")\nprint(Event.unsubscribe(s), Event.unsubscribe(s), Event.unsubscribe("garbage"))',
    'const s = Event.subscribe("n");\nprint(Event.unsubscribe(s), Event.unsubscribe(s), Event.unsubscribe("garbage"));',
  ),
  is(
    'Event.unsubscribe_pattern',
    ['2 1'],
    'Event.subscribe("n")\nEvent.subscribe("n")\nEvent.subscribe("m")\nprint(Event.unsubscribe_pattern("n"), #Event.list_subscriptions())',
    'Event.subscribe("n");\nEvent.subscribe("n");\nEvent.subscribe("m");\nprint(Event.unsubscribePattern("n"), Event.listSubscriptions().length);',
  ),
  is(
    'Event.list_subscriptions',
    ['n true'],
    'local s = Event.subscribe("n")\nlocal all = Event.list_subscriptions()\nprint(all[1].pattern, all[1].id == s)',
    'const s = Event.subscribe("n");\nconst all = Event.listSubscriptions();\nprint(all[0].pattern, all[0].id === s);',
  ),
  is(
    'Event.get_stats',
    ['1 true'],
    'Event.subscribe("n")\nEvent.publish("n")\nlocal stats = Event.get_stats()\nprint(stats.bridge_stats.active_subscriptions, stats.event_bus_stats.events_processed > 0)',
    'Event.subscribe("n");\nEvent.publish("n");\nconst stats = Event.getStats();\nprint(stats.bridge_stats.active_subscriptions, stats.event_bus_stats.events_processed > 0);',
  ),
  is(
    'Event.subscription_stats',
    ['2 1 1'],
    'local s = Event.subscribe("n", { queue_size = 1, overflow = "drop_oldest" })\nEvent.publish("n")\nEvent.publish("n")\nlocal stats = Event.subscription_stats(s)\nprint(stats.received, stats.dropped, stats.queued)',
    'const s = Event.subscribe("n", { queue_size: 1, overflow: "drop_oldest" });\nEvent.publish("n");\nEvent.publish("n");\nconst stats = Event.subscriptionStats(s);\nprint(stats.received, stats.dropped, stats.queued);',
  ),
  is(
    'Event.history',
    ['2 n.2', '1'],
    'Event.publish("n.1")\nEvent.publish("n.2")\nlocal past = Event.history("n.*")\nprint(#past, past[2].event_type)\nprint(#Event.history({ pattern = "n.*", limit = 1 }))',
    'Event.publish("n.1");\nEvent.publish("n.2");\nconst past = Event.history("n.*");\nprint(past.length, past[1].event_type);\nprint(Event.history({ pattern: "n.*", limit: 1 }).length);',
  ),
  is(
    'Event.define',
    ['event.invalid', 'true'],
    'Event.define("sized", { type = "object", properties = { n = { type = "number" } }, required = { "n" } })\npcall(Event.publish, "sized", { n = "x" })\nprint(Debug.last_error().code)\nprint(Event.publish("sized", { n = 1 }))',
    'Event.define("sized", { type: "object", properties: { n: { type: "number" } }, required: ["n"] });\ntry { Event.publish("sized", { n: "x" }); } catch (e) { print(e.code); }\nprint(Event.publish("sized", { n: 1 }));',
  ),
  is(
    'Event.dead_letters',
    ['handler_failed bad'],
    'Event.subscribe("bad", function() error("no") end)\nEvent.publish("bad")\nEvent.drain()\nlocal letter = Event.dead_letters()[1]\nprint(letter.reason, letter.event.event_type)',
    'Event.subscribe("bad", () => { throw new Error("no"); });\nEvent.publish("bad");\nEvent.drain();\nconst letter = Event.deadLetters()[0];\nprint(letter.reason, letter.event.event_type);',
  ),
  is(
    'Event.redeliver',
    ['true 2', 'event.not_found'],
    'local n = 0\nEvent.subscribe("bad", function() n = n + 1 if n == 1 then error("no") end end)\nEvent.publish("bad")\nEvent.drain()\nlocal ok = Event.redeliver(Event.dead_letters()[1].id)\nEvent.drain()\nprint(ok, n)\npcall(Event.redeliver, "nobody")\nprint(Debug.last_error().code)',
    'let n = 0;\nEvent.subscribe("bad", () => { if (++n === 1) throw new Error("no"); });\nEvent.publish("bad");\nEvent.drain();\nconst ok = Event.redeliver(Event.deadLetters()[0].id);\nEvent.drain();\nprint(ok, n);\ntry { Event.redeliver("nobody"); } catch (e) { print(e.code); }',
  ),
];
