import { z } from 'zod';
import { fail } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import { flatName, splitName } from '../state/keys.js';
import type { BatchChange } from '../state/state-access.js';
import type { StateTransaction } from '../state/transaction.js';
import type { StateChange, StateWatch } from '../state/watch.js';
import { type Call, type HandleDefinition, member, type ScriptFunction } from './define.js';
import { accessOf, beginTransaction, currentTransaction, stateOf } from './state-session.js';
import { CHANGE_SIGNATURE, key, optionsOf, saveOptions, scope } from './state-types.js';
import { anyValue, callback, handleResult, integer, number, optionalValue, text } from './types.js';

const operation = z.strictObject({
  op: z.enum(['set', 'save', 'delete', 'remove']).default('set').describe('What to do.'),
  scope: text().optional().describe('Its scope; without one the key is a flat key.'),
  key: text().describe('The key.'),
  value: z.any().optional().describe('What to store; nil is stored as null.'),
  ttl_seconds: z.preprocess(Number, z.number()).optional().describe('Seconds after which the entry is gone.'),
});

/** Members with which several scripts change the same entries without harm. */
export const atomicMembers = {
  compare_and_set: member({
    doc: 'Stores a value if the entry holds `expected` at that moment; whether it did. Nil stands for no entry, as what is expected and as what is to be.',
    params: {
      scope: scope(),
      key: key(),
      expected: anyValue().describe('What the entry must hold; tables are compared by content.'),
      value: anyValue().describe('The new value; nil removes the entry.'),
      options: saveOptions(),
    },
    returns: z.boolean(),
    aliases: ['compare_and_swap', 'cas'],
    run: async (call, { scope, key, expected, value, options }) =>
      (await accessOf(call)).compareAndSet(
        scope,
        key,
        expected ?? null,
        value ?? null,
        call.context,
        optionsOf(options),
      ),
    example: {
      lua: 'if State.compare_and_set("jobs", "owner", nil, "me") then print("it is mine") end',
      javascript: 'if (State.compareAndSet("jobs", "owner", null, "me")) print("it is mine");',
    },
  }),
  increment: member({
    doc: 'Adds to a number in one step, whoever else does so at the same time, and gives the sum. What is not there counts as 0.',
    params: {
      scope: scope(),
      key: key(),
      delta: optionalValue('How much; 1 when absent, negative to count down.'),
      options: saveOptions(),
    },
    returns: z.number(),
    run: async (call, { scope, key, delta, options }) =>
      (await accessOf(call)).increment(scope, key, delta ?? 1, call.context, optionsOf(options)),
    example: {
      lua: 'print(State.increment("stats", "visits"), State.increment("stats", "visits", 10))',
      javascript: 'print(State.increment("stats", "visits"), State.increment("stats", "visits", 10));',
    },
  }),
  load_with_version: member({
    doc: 'A table with the `value` of an entry and its `version`, a number that differs after every write; 0 when there is no entry.',
    params: { scope: scope(), key: key() },
    returns: z.object({ value: z.any().optional(), version: z.number() }),
    run: async (call, { scope, key }) => {
      const { value, version } = await (await accessOf(call)).loadWithVersion(scope, key, call.context);
      return value === undefined ? { version } : { value, version };
    },
    example: {
      lua: 'local seen = State.load_with_version("plan", "draft")\nState.save_if_version("plan", "draft", "mine", seen.version)',
      javascript:
        'const seen = State.loadWithVersion("plan", "draft");\nState.saveIfVersion("plan", "draft", "mine", seen.version);',
    },
  }),
  save_if_version: member({
    doc: 'Stores a value if the entry still has that version (0: if there is none), and gives its new version. Raises `state.conflict` if somebody else has written meanwhile.',
    params: {
      scope: scope(),
      key: key(),
      value: anyValue().describe('Any data; nil is stored as null.'),
      version: integer().describe('As `load_with_version` gave it.'),
      options: saveOptions(),
    },
    returns: z.number(),
    run: async (call, { scope, key, value, version, options }) =>
      (await accessOf(call)).saveIfVersion(
        scope,
        key,
        value ?? null,
        version,
        call.context,
        optionsOf(options),
      ),
    example: {
      lua: 'local first = State.save_if_version("plan", "v", "one", 0)\nprint(pcall(State.save_if_version, "plan", "v", "two", 0))\nState.save_if_version("plan", "v", "two", first)',
      javascript:
        'const first = State.saveIfVersion("plan", "v", "one", 0);\nState.saveIfVersion("plan", "v", "two", first);',
    },
  }),
  batch: member({
    doc: 'Makes all changes of a list or none of them.',
    params: {
      operations: z
        .array(operation)
        .meta({ raw: true })
        .describe('Tables with `op` (`set` or `delete`), `scope`, `key`, `value` and `ttl_seconds`.'),
    },
    run: async (call, { operations }) => (await accessOf(call)).batch(operations.map(toChange), call.context),
    example: {
      lua: 'State.batch({\n  { op = "set", scope = "account", key = "a", value = 70 },\n  { op = "set", scope = "account", key = "b", value = 30 },\n  { op = "delete", scope = "account", key = "pending" },\n})',
      javascript:
        'State.batch([\n  { op: "set", scope: "account", key: "a", value: 70 },\n  { op: "set", scope: "account", key: "b", value: 30 },\n  { op: "delete", scope: "account", key: "pending" },\n]);',
    },
  }),
  begin_transaction: member({
    doc: 'Begins to gather: what State is told from now on is seen by this script alone, until `commit` makes it real for everybody at once. At the end of the run an open transaction is rolled back.',
    params: {},
    returns: handleResult('state_transaction'),
    aliases: ['begin'],
    run: async (call) => call.handle('state_transaction', await beginTransaction(call)),
    example: {
      lua: 'State.begin_transaction()\nState.set("a", 1)\nState.set("b", 2)\nState.commit()\nprint(State.get("a"), State.get("b"))',
      javascript:
        'const transaction = State.beginTransaction();\nState.set("a", 1);\nState.set("b", 2);\ntransaction.commit();\nprint(State.get("a"), State.get("b"));',
    },
  }),
  commit: member({
    doc: 'Makes everything real that the open transaction has gathered. Raises `state.conflict`, and changes nothing, if somebody else has changed what it read.',
    params: {},
    aliases: ['commit_transaction'],
    run: (call) => currentTransaction(call).commit(call.context),
    example: {
      lua: 'State.begin_transaction()\nState.set("n", (State.get("n") or 0) + 1)\nState.commit()',
      javascript: 'State.beginTransaction();\nState.set("n", (State.get("n") ?? 0) + 1);\nState.commit();',
    },
  }),
  rollback: member({
    doc: 'Forgets everything that the open transaction has gathered.',
    params: {},
    aliases: ['rollback_transaction'],
    run: (call) => currentTransaction(call).rollback(),
    example: {
      lua: 'State.begin_transaction()\nState.set("draft", "no good")\nState.rollback()\nprint(State.get("draft"))',
      javascript:
        'State.beginTransaction();\nState.set("draft", "no good");\nState.rollback();\nprint(State.get("draft"));',
    },
  }),
  watch: member({
    doc: 'Calls a function at every change in a scope, by any session of this kernel, while the script waits for a call or between executions. Changes come one at a time and in order; what the function raises is logged.',
    params: {
      scope: scope(),
      pattern: text().describe('Which keys: `*` is any text, `?` any one character.'),
      handler: callback(CHANGE_SIGNATURE).describe('Gets the change.'),
    },
    returns: handleResult('state_subscription'),
    run: async (call, { scope, pattern, handler }) => watch(call, scope, pattern, handler),
    example: {
      lua: 'local subscription = State.watch("cart", "*", function(change) print(change.key, change.operation) end)\nState.save("cart", "apples", 3)\nsubscription:unsubscribe()',
      javascript:
        'const subscription = State.watch("cart", "*", (change) => print(change.key, change.operation));\nState.save("cart", "apples", 3);\nsubscription.unsubscribe();',
    },
  }),
  wait_for: member({
    doc: 'The value of an entry as soon as there is one; nil when there is none after so many milliseconds.',
    params: {
      scope: scope(),
      key: key(),
      timeout_ms: number().describe('Milliseconds to wait at most.'),
    },
    returns: anyValue(),
    run: async (call, { scope, key, timeout_ms }) =>
      (await stateOf(call)).waitFor(scope, key, timeout_ms, call.context),
    example: {
      lua: 'State.save("job", "result", 42)\nprint(State.wait_for("job", "result", 1000))',
      javascript: 'State.save("job", "result", 42);\nprint(State.waitFor("job", "result", 1000));',
    },
  }),
};

/** What `watch` and `begin_transaction` give. */
export const stateHandles: readonly HandleDefinition[] = [
  {
    kind: 'state_subscription',
    doc: 'A function that is called at changes.',
    fields: {
      active: {
        doc: 'Whether the function is still called.',
        type: z.boolean(),
        get: (watch: StateWatch) => watch.active,
      },
      scope: { doc: 'The scope.', type: z.string(), get: (watch: StateWatch) => watch.scope },
      pattern: { doc: 'Which keys.', type: z.string(), get: (watch: StateWatch) => watch.glob },
    },
    methods: {
      unsubscribe: member<Record<string, never>, StateWatch>({
        doc: 'Ends it; true the first time.',
        params: {},
        returns: z.boolean(),
        run: (_call, _args, watch) => watch.unsubscribe(),
        example: {
          lua: 'local subscription = State.watch("cart", "*", print)\nprint(subscription:unsubscribe(), subscription.active)',
          javascript:
            'const subscription = State.watch("cart", "*", (change) => print(change.key));\nprint(subscription.unsubscribe(), subscription.active);',
        },
      }),
    },
  },
  {
    kind: 'state_transaction',
    doc: 'Changes that are gathered, and made all at once.',
    fields: {
      active: {
        doc: 'Whether it still gathers.',
        type: z.boolean(),
        get: (transaction: StateTransaction) => transaction.active,
      },
      size: {
        doc: 'How many entries it would change.',
        type: z.int(),
        get: (transaction: StateTransaction) => transaction.size,
      },
    },
    methods: {
      commit: member<Record<string, never>, StateTransaction>({
        doc: 'As `State.commit`.',
        params: {},
        run: (call, _args, transaction) => transaction.commit(call.context),
        example: {
          lua: 'local transaction = State.begin_transaction()\nState.set("a", 1)\ntransaction:commit()\nprint(State.get("a"))',
          javascript:
            'const transaction = State.beginTransaction();\nState.set("a", 1);\ntransaction.commit();\nprint(State.get("a"));',
        },
      }),
      rollback: member<Record<string, never>, StateTransaction>({
        doc: 'As `State.rollback`.',
        params: {},
        run: (_call, _args, transaction) => transaction.rollback(),
        example: {
          lua: 'local transaction = State.begin_transaction()\nState.set("draft", 1)\ntransaction:rollback()\nprint(State.get("draft"))',
          javascript:
            'const transaction = State.beginTransaction();\nState.set("draft", 1);\ntransaction.rollback();\nprint(State.get("draft"));',
        },
      }),
    },
  },
];

function toChange({ op, scope, key, value, ttl_seconds }: z.output<typeof operation>): BatchChange {
  const place = scope === undefined ? splitName(flatName(key)) : { scope, key };
  if (op === 'delete' || op === 'remove') {
    if (value === undefined || value === null) return place;
    throw fail('state.invalid', `The operation '${op}' on ${JSON.stringify(key)} has a value`);
  }
  return { ...place, value: (value ?? null) as ScriptValue, ttlSeconds: ttl_seconds };
}

/** The function is given back to the script when nobody will call it again. */
async function watch(call: Call, scope: string, pattern: string, handler: ScriptFunction) {
  const tell = (change: StateChange) => handler(change);
  const watch = (await stateOf(call)).watch(scope, pattern, tell, call.context, () => handler.release());
  return call.handle('state_subscription', watch);
}
