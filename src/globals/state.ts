import { z } from 'zod';
import { fail } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import { flatName, scopeOf, splitName } from '../state/keys.js';
import { type Call, defineGlobal, member } from './define.js';
import { atomicMembers, stateHandles } from './state-atomic.js';
import { accessOf, scopeFor, setScope } from './state-session.js';
import { isOptions, key, optionsOf, saveOptions, scope } from './state-types.js';
import { backupMembers, migrationMembers } from './state-upkeep.js';
import { anyValue, optionalValue, text } from './types.js';

const value = () => anyValue().describe('Any data; nil is stored as null.');
const inner = () => text().optional().describe('Key inside the scope.');
const flat = () => text().describe('Flat key, or a scope when a key follows.');
const workflowId = () => text().describe("The workflow's id.");
const agentId = () => text().describe("The agent's id.");
const toolId = () => text().describe("The tool's name.");

/** The global `State`. */
export default defineGlobal({
  name: 'State',
  doc: 'Values that outlive the script. They are kept in the embedded store and are copies: changing what was loaded changes nothing that is stored.',
  handles: stateHandles,
  members: {
    save: member({
      doc: 'Stores a value. Integers, floats, booleans, binary text and nested tables come back as they were.',
      params: { scope: scope(), key: key(), value: value(), options: saveOptions() },
      run: async (call, { scope, key, value, options }) =>
        (await accessOf(call)).save(scope, key, value ?? null, call.context, optionsOf(options)),
      example: {
        lua: 'State.save("global", "v", { a = 1 })\nprint(State.load("global", "v").a)\nState.save("global", "code", 1234, { ttl_seconds = 60 })',
        javascript:
          'State.save("global", "v", { a: 1 });\nprint(State.load("global", "v").a);\nState.save("global", "code", 1234, { ttl_seconds: 60 });',
      },
    }),
    load: member({
      doc: 'What was saved, or nil.',
      params: { scope: scope(), key: key() },
      returns: anyValue(),
      run: async (call, { scope, key }) => (await accessOf(call)).load(scope, key, call.context),
      example: {
        lua: 'State.save("custom", "checkpoint", { step = 3 })\nprint(State.load("custom", "checkpoint").step)',
        javascript:
          'State.save("custom", "checkpoint", { step: 3 });\nprint(State.load("custom", "checkpoint").step);',
      },
    }),
    delete: member({
      doc: 'Deletes an entry, by scope and key or by its flat key; whether there was one.',
      params: { scope: flat(), key: inner() },
      returns: z.boolean(),
      aliases: ['remove'],
      run: async (call, { scope, key }) =>
        (await accessOf(call)).delete(...placeOf(call, scope, key), call.context),
      example: {
        lua: 'State.save("cart", "pears", 2)\nprint(State.delete("cart", "pears"), State.delete("cart", "pears"))',
        javascript:
          'State.save("cart", "pears", 2);\nprint(State.delete("cart", "pears"), State.delete("cart", "pears"));',
      },
    }),
    list_keys: member({
      doc: 'The keys of a scope, sorted; without one all flat keys.',
      params: { scope: scope().optional() },
      returns: z.array(z.string()),
      aliases: ['list'],
      run: async (call, { scope }) => {
        const state = await accessOf(call);
        return scope === undefined ? state.keys() : state.listKeys(scope);
      },
      example: {
        lua: 'State.save("cart", "apples", 3)\nfor _, key in ipairs(State.list_keys("cart")) do print(key) end',
        javascript: 'State.save("cart", "apples", 3);\nfor (const key of State.listKeys("cart")) print(key);',
      },
    }),
    list_scopes: member({
      doc: 'The scopes in which there are entries, sorted.',
      params: {},
      returns: z.array(z.string()),
      run: async (call) => (await accessOf(call)).listScopes(),
      example: {
        lua: 'State.save("agent:qa", "mood", "good")\nprint(table.concat(State.list_scopes(), ", "))',
        javascript: 'State.save("agent:qa", "mood", "good");\nprint(State.listScopes().join(", "));',
      },
    }),
    set_scope: member({
      doc: 'Sets the scope in which bare flat keys of this session live from now on; without an argument that is `global` again.',
      params: { scope: scope().optional() },
      run: (call, { scope }) => setScope(call, scope),
      example: {
        lua: 'State.set_scope("project")\nState.set("theme", "dark")\nprint(State.load("project", "theme"))\nState.set_scope()',
        javascript:
          'State.setScope("project");\nState.set("theme", "dark");\nprint(State.load("project", "theme"));\nState.setScope();',
      },
    }),
    get: member({
      doc: 'The value under a flat key (`get("a:b")` is `load("a", "b")`; a bare key lives in scope `global`), or of a scope and key.',
      params: { key: flat(), inner: inner() },
      returns: anyValue(),
      aliases: ['read'],
      run: async (call, { key, inner }) =>
        (await accessOf(call)).load(...placeOf(call, key, inner), call.context),
      example: {
        lua: 'State.set("n", (State.get("n") or 0) + 1)\nprint(State.get("global", "n"))',
        javascript: 'State.set("n", (State.get("n") ?? 0) + 1);\nprint(State.get("global", "n"));',
      },
    }),
    set: member({
      doc: 'Stores under a flat key; nil removes. With three arguments: scope, key, value. Options come last: a table of `ttl_seconds` alone is always those.',
      params: {
        key: flat(),
        value: anyValue().describe('The value, or the key inside the scope when a third argument follows.'),
        third: optionalValue('The value, when a scope is given; else options.'),
        options: saveOptions(),
      },
      aliases: ['write'],
      run: async (call, { key, value, third, options }) => {
        const early = options === undefined && isOptions(third) ? third : undefined;
        const scoped = third !== undefined && !early;
        const [scope, name] = placeOf(call, key, scoped ? keyText(value) : undefined);
        const next = (scoped ? third : value) ?? null;
        const state = await accessOf(call);
        if (next === null) await state.delete(scope, name, call.context);
        else await state.save(scope, name, next, call.context, optionsOf(early ?? options));
      },
      example: {
        lua: 'State.set("theme", "dark")\nState.set("project", "theme", "light", { ttl_seconds = 3600 })\nprint(State.get("theme"), State.get("project", "theme"))\nState.set("theme", nil)',
        javascript:
          'State.set("theme", "dark");\nState.set("project", "theme", "light", { ttl_seconds: 3600 });\nprint(State.get("theme"), State.get("project", "theme"));\nState.set("theme", null);',
      },
    }),
    exists: member({
      doc: 'Whether there is an entry, by scope and key or by its flat key.',
      params: { scope: flat(), key: inner() },
      returns: z.boolean(),
      run: async (call, { scope, key }) =>
        (await accessOf(call)).exists(...placeOf(call, scope, key), call.context),
      example: {
        lua: 'State.set("ready", false)\nprint(State.exists("ready"), State.exists("global", "nothing"))',
        javascript:
          'State.set("ready", false);\nprint(State.exists("ready"), State.exists("global", "nothing"));',
      },
    }),
    keys: member({
      doc: 'All flat keys, sorted.',
      params: {},
      returns: z.array(z.string()),
      run: async (call) => (await accessOf(call)).keys(),
      example: {
        lua: 'State.set("a", 1)\nprint(table.concat(State.keys(), ", "))',
        javascript: 'State.set("a", 1);\nprint(State.keys().join(", "));',
      },
    }),
    all: member({
      doc: 'A table of all flat keys and their values.',
      params: {},
      returns: z.record(z.string(), z.any()),
      run: async (call) => (await accessOf(call)).all(call.context),
      example: {
        lua: 'State.set("a", 1)\nfor key, value in pairs(State.all()) do print(key, value) end',
        javascript:
          'State.set("a", 1);\nfor (const [key, value] of Object.entries(State.all())) print(key, value);',
      },
    }),
    ...atomicMembers,
    ...migrationMembers,
    ...backupMembers,
    workflow_get: member({
      doc: 'The stored output of a workflow’s step, or nil.',
      params: { workflow_id: workflowId(), step: text().describe('The name of the step.') },
      returns: anyValue(),
      run: async (call, { workflow_id, step }) =>
        (await accessOf(call)).workflowGet(workflow_id, step, call.context),
      example: {
        lua: 'State.save("workflow:42", "fetch", "done")\nprint(State.workflow_get("42", "fetch"))',
        javascript: 'State.save("workflow:42", "fetch", "done");\nprint(State.workflowGet("42", "fetch"));',
      },
    }),
    workflow_list: member({
      doc: 'The steps of a workflow that have stored outputs.',
      params: { workflow_id: workflowId() },
      returns: z.array(z.string()),
      run: async (call, { workflow_id }) => (await accessOf(call)).workflowList(workflow_id),
      example: {
        lua: 'State.save("workflow:42", "fetch", "done")\nprint(State.workflow_list("42")[1])',
        javascript: 'State.save("workflow:42", "fetch", "done");\nprint(State.workflowList("42")[0]);',
      },
    }),
    agent_get: member({
      doc: 'A value kept for an agent, or nil.',
      params: { agent_id: agentId(), key: key() },
      returns: anyValue(),
      run: async (call, { agent_id, key }) => (await accessOf(call)).agentGet(agent_id, key, call.context),
      example: {
        lua: 'State.agent_set("qa", "mood", "good")\nprint(State.agent_get("qa", "mood"))',
        javascript: 'State.agentSet("qa", "mood", "good");\nprint(State.agentGet("qa", "mood"));',
      },
    }),
    agent_set: member({
      doc: 'Keeps a value for an agent.',
      params: { agent_id: agentId(), key: key(), value: value(), options: saveOptions() },
      run: async (call, { agent_id, key, value, options }) =>
        (await accessOf(call)).save(
          scopeOf('agent', agent_id),
          key,
          value ?? null,
          call.context,
          optionsOf(options),
        ),
      example: {
        lua: 'State.agent_set("qa", "mood", "good")\nprint(State.get("agent:qa:mood"))',
        javascript: 'State.agentSet("qa", "mood", "good");\nprint(State.get("agent:qa:mood"));',
      },
    }),
    tool_get: member({
      doc: 'A value kept for a tool, or nil.',
      params: { tool_id: toolId(), key: key() },
      returns: anyValue(),
      run: async (call, { tool_id, key }) => (await accessOf(call)).toolGet(tool_id, key, call.context),
      example: {
        lua: 'State.tool_set("search", "quota", 10)\nprint(State.tool_get("search", "quota"))',
        javascript: 'State.toolSet("search", "quota", 10);\nprint(State.toolGet("search", "quota"));',
      },
    }),
    tool_set: member({
      doc: 'Keeps a value for a tool.',
      params: { tool_id: toolId(), key: key(), value: value(), options: saveOptions() },
      run: async (call, { tool_id, key, value, options }) =>
        (await accessOf(call)).save(
          scopeOf('tool', tool_id),
          key,
          value ?? null,
          call.context,
          optionsOf(options),
        ),
      example: {
        lua: 'State.tool_set("search", "quota", 10)\nprint(State.get("tool:search:quota"))',
        javascript: 'State.toolSet("search", "quota", 10);\nprint(State.get("tool:search:quota"));',
      },
    }),
  },
});

/** Scope and key that one or two arguments name. */
function placeOf(call: Call, first: string, second: string | undefined): [string, string] {
  if (second !== undefined) return [first, second];
  const own = scopeFor(call, first);
  if (own !== undefined) return [own, first];
  const { scope, key } = splitName(flatName(first));
  return [scope, key.startsWith(':') ? `:${key}` : key];
}

function keyText(value: ScriptValue): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw fail('input.invalid', "bad argument #2 'key' to 'State.set': expected a text", {
    hint: 'State.set takes a flat key and a value, or a scope, a key, a value and options.',
  });
}
