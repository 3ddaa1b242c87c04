import type { z } from 'zod';
import { fail } from '../core/errors.js';
import { issueText } from '../core/schema.js';
import type { ScriptValue } from '../core/values.js';
import type { Call, GlobalDefinition, HandleDefinition, MemberDefinition } from '../globals/define.js';
import { type Resolver, revivePlain, reviveRaw } from './revive.js';

/** Where globals and handle kinds are found, without loading them. Generated from the files in `globals/`. */
export interface Catalogue {
  globals: Record<string, () => Promise<{ default: GlobalDefinition }>>;
  /** Handle kind → name of the global whose file declares it. */
  handles: Record<string, string>;
}

/** Finds members by name, checks their arguments and runs them. */
export class Dispatcher {
  private readonly found = new Map<string, (self: unknown) => MemberDefinition>();

  constructor(private readonly catalogue: Catalogue) {}

  /** Runs `Tool.execute`, `@host.source` or (with `self`) `agent.execute`. */
  async run(
    name: string,
    self: object | undefined,
    args: ScriptValue[],
    call: Call,
    resolve: Resolver,
  ): Promise<ScriptValue> {
    const member = (this.found.get(name) ?? (await this.load(name)))(self);
    const parsed = parseArguments(name, member, args, resolve);
    const value = await member.run!(name.startsWith('@') ? ownStep(call, name) : call, parsed, self);
    return (value ?? null) as ScriptValue;
  }

  /** Loads a global's file before it is called. */
  async preload(name: string): Promise<void> {
    if (Object.hasOwn(this.catalogue.globals, name)) await this.catalogue.globals[name]!();
  }

  private async load(name: string): Promise<(self: unknown) => MemberDefinition> {
    const dot = name.indexOf('.');
    const [owner, key] = [name.slice(0, dot), name.slice(dot + 1)];
    const file = this.catalogue.globals[this.catalogue.handles[owner] ?? owner];
    const definition = file && (await file()).default;
    const find = definition && finder(definition, owner, key);
    if (!find) throw fail('script.global_not_found', `There is no ${name}`);
    this.found.set(name, find);
    return find;
  }
}

function finder(
  definition: GlobalDefinition,
  owner: string,
  key: string,
): ((self: unknown) => MemberDefinition) | undefined {
  const handle = definition.handles?.find((candidate) => candidate.kind === owner);
  const member = handle ? handleMember(handle, key) : own(definition.members, key);
  return member?.run && ((self) => requireSelf(member, handle, self));
}

/** What the standard libraries ask for has a step of its own, so that an answer for one call is no answer for the next. */
function ownStep(call: Call, name: string): Call {
  const { path } = call.context.child('tool', name.slice(1));
  return { ...call, context: { ...call.context, path } };
}

function requireSelf(
  member: MemberDefinition,
  handle: HandleDefinition | undefined,
  self: unknown,
): MemberDefinition {
  if (handle && self === undefined)
    throw fail('handle.released', `The ${handle.kind} behind this call is gone`);
  return member;
}

/** A method of a handle, or one of its fields as a member without arguments. */
function handleMember(handle: HandleDefinition, key: string): MemberDefinition | undefined {
  const field = own(handle.fields, key);
  if (!field) return own(handle.methods, key);
  return { doc: field.doc, params: {}, run: (_call, _args, self) => field.get(self as never) };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function parseArguments(
  name: string,
  member: MemberDefinition,
  args: ScriptValue[],
  resolve: Resolver,
): Record<string, unknown> {
  const parsed: Record<string, unknown> = {};
  Object.entries(member.params).forEach(([key, schema], index) => {
    const { raw = false, nil = false } = schema.meta() ?? {};
    const revive = raw ? reviveRaw : revivePlain;
    const given = args[index] === null && !nil ? undefined : revive(args[index], resolve);
    const result = schema.safeParse(given);
    if (!result.success) throw badArgument(name, index, key, given, result.error);
    parsed[key] = result.data;
  });
  return parsed;
}

function badArgument(name: string, index: number, key: string, given: unknown, error: z.ZodError): Error {
  const problem = error.issues.slice(0, 4).map(issueText).join('; ');
  const missing = given === undefined ? ' (missing)' : '';
  return fail('input.invalid', `bad argument #${index + 1} '${key}' to '${name}'${missing}: ${problem}`, {
    details: { member: name, argument: key },
  });
}
