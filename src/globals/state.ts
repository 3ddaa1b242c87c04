import { z } from 'zod';
import { defineGlobal, member } from './define.js';
import { anyValue, text } from './types.js';

const scope = () => text().describe('`global`, `custom`, `workflow:<id>`, `agent:<id>` or any text.');
const key = () => text().describe('The key inside the scope.');

/** The global `State`. */
export default defineGlobal({
  name: 'State',
  doc: 'Values that outlive the script. They are kept in the embedded store and are copies: changing what was loaded changes nothing that is stored.',
  members: {
    save: member({
      doc: 'Stores a value. Integers, floats, booleans, binary text and nested tables come back as they were.',
      params: { scope: scope(), key: key(), value: anyValue().describe('Any data; nil is stored as null.') },
      run: async (call, { scope, key, value }) => {
        await (await call.services.state()).save(scope, key, value ?? null, call.context);
      },
      example: {
        lua: 'State.save("global", "v", { a = 1 })\nprint(State.load("global", "v").a)',
        javascript: 'State.save("global", "v", { a: 1 });\nprint(State.load("global", "v").a);',
      },
    }),
    load: member({
      doc: 'What was saved, or nil.',
      params: { scope: scope(), key: key() },
      returns: anyValue(),
      run: async (call, { scope, key }) => (await call.services.state()).load(scope, key),
    }),
    delete: member({
      doc: 'Deletes an entry; whether there was one.',
      params: { scope: scope(), key: key() },
      returns: z.boolean(),
      run: async (call, { scope, key }) => (await call.services.state()).delete(scope, key, call.context),
    }),
    list_keys: member({
      doc: 'The keys of a scope, sorted.',
      params: { scope: scope() },
      returns: z.array(z.string()),
      aliases: ['list'],
      run: async (call, { scope }) => (await call.services.state()).listKeys(scope),
    }),
    get: member({
      doc: 'The value under a flat key (`get("a:b")` is `load("a", "b")`; a bare key lives in scope `global`), or of a scope and key.',
      params: {
        key: text().describe('Flat key, or a scope when a second argument follows.'),
        inner: text().optional().describe('Key inside the scope.'),
      },
      returns: anyValue(),
      aliases: ['read'],
      run: async (call, { key, inner }) => {
        const state = await call.services.state();
        return inner === undefined ? state.get(key) : state.load(key, inner);
      },
      example: {
        lua: 'State.set("n", (State.get("n") or 0) + 1)',
        javascript: 'State.set("n", (State.get("n") ?? 0) + 1);',
      },
    }),
    set: member({
      doc: 'Stores under a flat key; nil removes. With three arguments: scope, key, value.',
      params: {
        key: text().describe('Flat key, or a scope when three arguments are given.'),
        value: anyValue().describe('The value, or the key inside the scope.'),
        third: anyValue().optional().describe('The value, when a scope is given.'),
      },
      aliases: ['write'],
      run: async (call, { key, value, third }) => {
        const state = await call.services.state();
        if (third !== undefined) await state.save(key, String(value), third, call.context);
        else await state.set(key, value ?? null, call.context);
      },
    }),
    exists: member({
      doc: 'Whether there is an entry.',
      params: { scope: scope(), key: key() },
      returns: z.boolean(),
      run: async (call, { scope, key }) =>
        (await (await call.services.state()).load(scope, key)) !== undefined,
    }),
    keys: member({
      doc: 'All flat keys, sorted.',
      params: {},
      returns: z.array(z.string()),
      run: async (call) => (await call.services.state()).keys(),
    }),
    all: member({
      doc: 'A table of all flat keys and their values.',
      params: {},
      returns: z.record(z.string(), z.any()),
      run: async (call) => (await call.services.state()).all(),
    }),
    workflow_get: member({
      doc: 'The stored output of a workflow’s step, or nil.',
      params: { workflow_id: text(), step: text() },
      returns: anyValue(),
      run: async (call, { workflow_id, step }) =>
        (await call.services.state()).load(`workflow:${workflow_id}`, step),
    }),
    workflow_list: member({
      doc: 'The steps of a workflow that have stored outputs.',
      params: { workflow_id: text() },
      returns: z.array(z.string()),
      run: async (call, { workflow_id }) => (await call.services.state()).listKeys(`workflow:${workflow_id}`),
    }),
    agent_get: member({
      doc: 'A value kept for an agent, or nil.',
      params: { agent_id: text(), key: text() },
      returns: anyValue(),
      run: async (call, { agent_id, key }) => (await call.services.state()).load(`agent:${agent_id}`, key),
    }),
    agent_set: member({
      doc: 'Keeps a value for an agent.',
      params: { agent_id: text(), key: text(), value: anyValue() },
      run: async (call, { agent_id, key, value }) => {
        await (await call.services.state()).save(`agent:${agent_id}`, key, value ?? null, call.context);
      },
    }),
    tool_get: member({
      doc: 'A value kept for a tool, or nil.',
      params: { tool_id: text(), key: text() },
      returns: anyValue(),
      run: async (call, { tool_id, key }) => (await call.services.state()).load(`tool:${tool_id}`, key),
    }),
    tool_set: member({
      doc: 'Keeps a value for a tool.',
      params: { tool_id: text(), key: text(), value: anyValue() },
      run: async (call, { tool_id, key, value }) => {
        await (await call.services.state()).save(`tool:${tool_id}`, key, value ?? null, call.context);
      },
    }),
  },
});
