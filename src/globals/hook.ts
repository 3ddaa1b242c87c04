import { z } from 'zod';
import { fail } from '../core/errors.js';
import { HOOK_POINT_GROUPS, type HookPoint } from '../core/hook-points.js';
import { cancelledByHook } from '../core/passage.js';
import { type JsonObject, type JsonValue, toJson } from '../core/values.js';
import { BREAKERS } from '../hooks/breaker.js';
import type { HookRegistration, PriorityName } from '../hooks/contract.js';
import { type HookDescription, HookEntry } from '../hooks/entry.js';
import { hookPoint, ruleOf } from '../hooks/point-rules.js';
import { type Call, defineGlobal, type HandleDefinition, member, type ScriptFunction } from './define.js';
import { scriptHandler } from './hook-handler.js';
import { callback, handleResult, integer, table, text } from './types.js';

/** Custom points that one `Hook.fire` may be redirected through. */
const MAX_REDIRECTS = 8;

const counts = {
  calls: z.int(),
  failures: z.int(),
  left_out: z.int().describe('Calls that were not made because the breaker was open.'),
  p50_ms: z.number(),
  p95_ms: z.number(),
  p99_ms: z.number(),
  total_ms: z.number(),
  breaker: z.string().describe('`closed`, `open`, `half_open` or `none`.'),
};

const statistics = z.object({ id: z.string(), name: z.string(), ...counts }).meta({ id: 'HookStatistics' });

const entry = z
  .object({
    id: z.string(),
    name: z.string(),
    hook_point: z.string(),
    hook_points: z.array(z.string()),
    priority: z.string().describe('e.g. `Priority(0)`.'),
    priority_name: z.string(),
    language: z.string(),
    version: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    enabled: z.boolean(),
    on_error: z.string(),
    ...counts,
  })
  .meta({ id: 'HookEntry' });

const options = z.object({
  priority: z.union([text(), integer()]).optional().describe('A word or an integer; the lower the earlier.'),
  name: text().optional(),
  tags: z.array(text()).optional(),
  version: text().optional(),
  description: text().optional(),
  timeout_ms: z.int().min(1).optional().describe('Milliseconds one call may take.'),
  on_error: z
    .enum(['fail', 'continue'])
    .optional()
    .describe('What a failure of the handler means for the work; `fail` when absent.'),
  breaker: z
    .union([z.literal(false), z.enum(['default', 'production', 'conservative'])])
    .optional()
    .describe('When a failing or slow handler is left out; `false` never does that.'),
});

const filter = z
  .union([
    z.string(),
    z.object({
      hook_point: text().optional(),
      language: text().optional(),
      priority: text().optional(),
      tag: text().optional(),
    }),
  ])
  .optional()
  .describe('A point, or a table with `hook_point`, `language`, `priority` and `tag` (a part of one).');

const id = () => text().describe('The id of a hook.');

async function register(
  call: Call,
  points: string | string[],
  handler: ScriptFunction,
  given: z.output<typeof options>,
): Promise<HookEntry> {
  const hooks = await call.services.hooks();
  const { priority, timeout_ms: timeoutMs, on_error: onError, breaker, ...rest } = given;
  const registration: HookRegistration = {
    ...rest,
    points: [points].flat() as HookPoint[],
    priority: (/^-?\d+$/.test(String(priority)) ? Number(priority) : priority) as PriorityName | number,
    language: call.scope.language,
    tags: rest.tags ?? ['cross-language', call.scope.language],
    timeoutMs,
    onError,
    breaker: typeof breaker === 'string' ? BREAKERS[breaker] : breaker,
    handler: scriptHandler(handler),
    removed: () => {
      forget();
      handler.release();
    },
  };
  let forget: () => unknown = () => {};
  const made = hooks.registry.register(registration);
  forget = call.scope.onEnd(() => made.unregister());
  return made;
}

function matches(wanted: z.output<typeof filter>): (hook: HookDescription) => boolean {
  const { hook_point, language, priority, tag } =
    typeof wanted === 'string' ? { hook_point: wanted } : (wanted ?? {});
  return (hook) =>
    (hook_point === undefined || hook.hook_points.includes(known(hook_point))) &&
    (language === undefined || hook.language === language) &&
    (priority === undefined || hook.priority_name === priority) &&
    (tag === undefined || hook.tags.some((one) => one.includes(tag)));
}

/** A point by its own name; what is none matches nothing. */
function known(text: string): string {
  try {
    return hookPoint(text);
  } catch {
    return text;
  }
}

function statisticsOf(hook: HookEntry, now: number): z.output<typeof statistics> {
  const { id, name, breaker } = hook.describe(now);
  return { id, name, breaker, ...hook.statistics.snapshot() };
}

async function fire(call: Call, point: string, data: JsonObject, redirects = 0): Promise<JsonValue> {
  const custom = hookPoint(point);
  if (!custom.startsWith('custom:'))
    throw fail('hook.invalid_point', `Only points of your own can be fired, not ${custom}`, {
      hint: 'Name them custom:<name>.',
    });
  if (redirects > MAX_REDIRECTS)
    throw fail('hook.recursion', `Hooks redirect '${point}' in a circle`, { details: { point } });
  const { hooks } = call.context;
  const outcome = await hooks.fire(custom, { type: 'System', name: custom }, data, call.context);
  if (outcome.kind === 'cancel') throw cancelledByHook(custom, outcome.reason, outcome.hook);
  if (outcome.kind === 'replace') return outcome.value;
  if (outcome.kind === 'redirect')
    return fire(call, `custom:${outcome.target.replace(/^custom:/, '')}`, outcome.data, redirects + 1);
  const forks = 'forks' in outcome && outcome.forks ? { forks: await outcome.forks } : {};
  const result = { ...outcome.data, ...forks };
  if (outcome.kind === 'continue') outcome.keep?.(result);
  return result;
}

function live(hook: HookEntry): HookEntry {
  if (hook.removed) throw fail('hook.not_found', 'Hook already unregistered');
  return hook;
}

const handle: HandleDefinition = {
  kind: 'hook',
  doc: 'A registered hook. It stays registered when the handle is forgotten.',
  fields: {},
  methods: {
    id: member<Record<never, never>, HookEntry>({
      doc: 'Its id. Raises after it was unregistered.',
      params: {},
      returns: z.string(),
      run: (_call, _args, hook) => live(hook).id,
      example: {
        lua: 'local h = Hook.register("ToolError", function() end)\nprint(#h:id())',
        javascript: 'const h = Hook.register("ToolError", () => {});\nprint(h.id().length);',
      },
    }),
    hook_point: member<Record<never, never>, HookEntry>({
      doc: 'The point it is called at. Raises after it was unregistered.',
      params: {},
      returns: z.string(),
      run: (_call, _args, hook) => live(hook).points[0],
      example: {
        lua: 'local h = Hook.register("ToolError", function() end)\nprint(h:hook_point())',
        javascript: 'const h = Hook.register("ToolError", () => {});\nprint(h.hookPoint());',
      },
    }),
    unregister: member<Record<never, never>, HookEntry>({
      doc: 'Takes the hook away; false when it was gone already.',
      params: {},
      returns: z.boolean(),
      run: (_call, _args, hook) => hook.unregister(),
      example: {
        lua: 'local h = Hook.register("ToolError", function() end)\nprint(h:unregister(), h:unregister())',
        javascript: 'const h = Hook.register("ToolError", () => {});\nprint(h.unregister(), h.unregister());',
      },
    }),
    stats: member<Record<never, never>, HookEntry>({
      doc: 'What it has done so far, and the state of its breaker; works after it was unregistered too.',
      params: {},
      returns: statistics,
      run: (call, _args, hook) => statisticsOf(hook, call.context.effects.now()),
      example: {
        lua: 'local h = Hook.register("ToolError", function() end)\nprint(h:stats().calls)',
        javascript: 'const h = Hook.register("ToolError", () => {});\nprint(h.stats().calls);',
      },
    }),
  },
};

/** The global `Hook`. */
export default defineGlobal({
  name: 'Hook',
  doc: 'Functions that are called before and after what tools, agents, workflows, state, sessions and events do, and that can change, refuse or replace it.',
  handles: [handle],
  members: {
    register: member({
      doc: 'Has a function called at a point. It gets a table (`point`, `component_id`, `data`, `metadata`, `operation` …) and answers with nothing or `"continue"`, `"skip"`, `"cancel"`, or a table with `type`: `modified`, `cancel`, `redirect`, `replace`, `retry`, `fork`, `cache`, `skipped`. Raises `Unknown hook point: <name>`.',
      params: {
        point: z
          .union([text(), z.array(text())])
          .describe('A point, or several; `custom:<name>` for your own.'),
        handler: callback('(context: any) => any'),
        options: z
          .union([text(), integer(), options])
          .optional()
          .describe(
            'A priority (`highest`, `high`, `normal`, `low`, `lowest`, or an integer), or a table of options.',
          ),
      },
      returns: handleResult('hook'),
      aliases: ['add', 'on'],
      run: async (call, { point, handler, options: given = {} }) => {
        const settings = typeof given === 'object' ? given : { priority: given };
        return call.handle('hook', await register(call, point, handler, settings));
      },
      example: {
        lua: 'local h = Hook.register("BeforeToolExecution", function(ctx)\n  if ctx.component_id.name == "uuid-generator" then return { type = "cancel", reason = "no" } end\nend, "high")\nassert(not pcall(Tool.execute, "uuid-generator", {}))\nh:unregister()',
        javascript:
          'const h = Hook.register("BeforeToolExecution", (ctx) => ctx.component_id.name === "uuid-generator" ? { type: "cancel", reason: "no" } : undefined, "high");\ntry { Tool.execute("uuid-generator", {}); } catch (e) { print(e.code); }\nh.unregister();',
      },
    }),
    unregister: member({
      doc: 'Takes a hook away; false when it was gone already.',
      params: {
        hook: z
          .custom<object>((value) => typeof value === 'object' && value !== null, {
            error: 'expected a hook handle',
          })
          .meta({ handle: 'hook' }),
      },
      returns: z.boolean(),
      aliases: ['remove'],
      run: (_call, { hook }) => hook instanceof HookEntry && hook.unregister(),
      example: {
        lua: 'local h = Hook.register("ToolError", function() end)\nprint(Hook.unregister(h))',
        javascript: 'const h = Hook.register("ToolError", () => {});\nprint(Hook.unregister(h));',
      },
    }),
    list: member({
      doc: 'The registered hooks in the order of their priority.',
      params: { filter },
      returns: z.array(entry),
      run: async (call, { filter: wanted }) => {
        const { registry } = await call.services.hooks();
        const now = call.context.effects.now();
        return registry
          .all()
          .map((hook) => hook.describe(now))
          .filter(matches(wanted));
      },
      example: {
        lua: 'Hook.register("AfterToolExecution", function() end)\nprint(#Hook.list("AfterToolExecution"), #Hook.list({ language = "lua" }))',
        javascript:
          'Hook.register("AfterToolExecution", () => {});\nprint(Hook.list("AfterToolExecution").length, Hook.list({ language: "javascript" }).length);',
      },
    }),
    enable: member({
      doc: 'Has a hook called again. Raises when there is none of that id.',
      params: { id: id() },
      run: async (call, { id }) => (await call.services.hooks()).registry.enable(id, true),
      example: {
        lua: 'local h = Hook.register("ToolError", function() end)\nHook.disable(h:id())\nHook.enable(h:id())\nprint(Hook.list()[1].enabled)',
        javascript:
          'const h = Hook.register("ToolError", () => {});\nHook.disable(h.id());\nHook.enable(h.id());\nprint(Hook.list()[0].enabled);',
      },
    }),
    disable: member({
      doc: 'Leaves a hook registered but does not call it. Raises when there is none of that id.',
      params: { id: id() },
      run: async (call, { id }) => (await call.services.hooks()).registry.enable(id, false),
      example: {
        lua: 'local h = Hook.register("ToolError", function() end)\nHook.disable(h:id())\nprint(Hook.list()[1].enabled)',
        javascript:
          'const h = Hook.register("ToolError", () => {});\nHook.disable(h.id());\nprint(Hook.list()[0].enabled);',
      },
    }),
    stats: member({
      doc: 'What a hook has done, or a list of that for all: calls, failures, durations, the state of its breaker.',
      params: { id: id().optional() },
      returns: z.union([statistics, z.array(statistics)]),
      run: async (call, { id }) => {
        const { registry } = await call.services.hooks();
        const now = call.context.effects.now();
        return id === undefined
          ? registry.all().map((hook) => statisticsOf(hook, now))
          : statisticsOf(registry.require(id), now);
      },
      example: {
        lua: 'local h = Hook.register("AfterToolExecution", function() end)\nTool.execute("calculator", { input = "1" })\nprint(Hook.stats(h:id()).calls)',
        javascript:
          'const h = Hook.register("AfterToolExecution", () => {});\nTool.execute("calculator", { input: "1" });\nprint(JSON.stringify(Hook.stats(h.id())));',
      },
    }),
    enable_builtin: member({
      doc: 'Switches on a hook that comes with llmspell, by name with its options, or a list of names and of `{name, config}`.',
      params: {
        name: z.union([
          text(),
          z.array(z.union([text(), z.strictObject({ name: text(), config: table().optional() })])),
        ]),
        config: table().optional().describe('Its options; Hook.builtins() shows them.'),
      },
      run: async (call, { name, config }) => {
        const builtins = await (await call.services.hooks()).builtins();
        const wanted = typeof name === 'string' ? [{ name, config }] : name;
        for (const each of wanted)
          if (typeof each === 'string') builtins.enable(each);
          else builtins.enable(each.name, each.config);
      },
      example: {
        lua: 'Hook.enable_builtin("rate_limiting", { capacity = 2, refill_per_second = 0.01 })\nfor i = 1, 3 do print((pcall(Tool.execute, "calculator", { input = "1+1" }))) end',
        javascript:
          'Hook.enableBuiltin([{ name: "metrics" }, { name: "debugging", config: { max_traces: 10 } }]);\nTool.execute("calculator", { input: "1+1" });\nprint(Hook.builtinReport("metrics")["tool:calculator"].calls);',
      },
    }),
    disable_builtin: member({
      doc: 'Switches a built-in hook off; whether it was on.',
      params: { name: text() },
      returns: z.boolean(),
      run: async (call, { name }) => (await (await call.services.hooks()).builtins()).disable(name),
      example: {
        lua: 'Hook.enable_builtin("logging")\nprint(Hook.disable_builtin("logging"), Hook.disable_builtin("logging"))',
        javascript:
          'Hook.enableBuiltin("logging");\nprint(Hook.disableBuiltin("logging"), Hook.disableBuiltin("logging"));',
      },
    }),
    builtins: member({
      doc: 'The hooks that come with llmspell: names, options with their values, which are on.',
      params: {},
      returns: z.array(
        z
          .object({
            name: z.string(),
            doc: z.string(),
            aliases: z.array(z.string()),
            enabled: z.boolean(),
            options: z.record(z.string(), z.any()),
          })
          .meta({ id: 'BuiltinHook' }),
      ),
      run: async (call) => (await (await call.services.hooks()).builtins()).list(),
      example: {
        lua: 'for _, hook in ipairs(Hook.builtins()) do print(hook.name, hook.enabled) end',
        javascript: 'for (const hook of Hook.builtins()) print(hook.name, hook.enabled);',
      },
    }),
    builtin_report: member({
      doc: 'What a built-in hook has seen so far (counts, costs, findings, traces); nil when it is off or keeps nothing.',
      params: { name: text() },
      returns: z.record(z.string(), z.any()).nullable(),
      run: async (call, { name }) => (await (await call.services.hooks()).builtins()).report(name) ?? null,
      example: {
        lua: 'Hook.enable_builtin("metrics")\nTool.execute("calculator", { input = "1+1" })\nprint(Hook.builtin_report("metrics")["tool:calculator"].calls)',
        javascript:
          'Hook.enableBuiltin("metrics");\nTool.execute("calculator", { input: "1+1" });\nprint(Hook.builtinReport("metrics")["tool:calculator"].calls);',
      },
    }),
    points: member({
      doc: 'All points: what they are called, which part of llmspell they belong to, which kinds of results they take.',
      params: {},
      returns: z.array(
        z
          .object({ name: z.string(), group: z.string(), takes: z.array(z.string()) })
          .meta({ id: 'HookPoint' }),
      ),
      run: () =>
        Object.entries(HOOK_POINT_GROUPS).flatMap(([group, names]) =>
          names.map((name) => ({ name, group, takes: [...ruleOf(name).takes] })),
        ),
      example: {
        lua: 'for _, point in ipairs(Hook.points()) do print(point.group, point.name) end',
        javascript: 'for (const point of Hook.points()) print(point.group, point.name);',
      },
    }),
    fire: member({
      doc: 'Reaches a point of your own: calls its hooks with `data` and gives the data as they left it, or what one put in their place. Raises when one cancels.',
      params: {
        point: text().describe('`custom:<name>`.'),
        data: table().optional().describe('What the hooks get as `data`.'),
      },
      returns: z.any(),
      run: (call, { point, data }) => fire(call, point, toJson((data ?? {}) as never) as JsonObject),
      example: {
        lua: 'Hook.register("custom:greeting", function(ctx)\n  return { type = "modified", data = { text = ctx.data.text .. "!" } }\nend)\nprint(Hook.fire("custom:greeting", { text = "hello" }).text)',
        javascript:
          'Hook.register("custom:greeting", (ctx) => ({ type: "modified", data: { text: ctx.data.text + "!" } }));\nprint(Hook.fire("custom:greeting", { text: "hello" }).text);',
      },
    }),
  },
});
