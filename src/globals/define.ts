import type { z } from 'zod';
import type { ExecutionContext } from '../core/context.js';
import type { EventBody } from '../core/events.js';
import type { Reference, ScriptValue } from '../core/values.js';
import type { BuilderSetter } from '../script/manifest.js';
import type { Language } from '../script/protocol.js';
import type { Services } from './services.js';

/**
 * A function that lives in a script.
 * Contract: rejects with what the script raised; works while the script waits for a call and between executions.
 */
export interface ScriptFunction {
  (...args: unknown[]): Promise<ScriptValue>;
  /**
   * Calls it as a step of its own: what it calls and prints belongs to the context that `begin` makes when it really
   * begins to run. When that aborts it is cut off, and what is around it goes on.
   */
  callIn(begin: () => ExecutionContext, ...args: unknown[]): Promise<ScriptValue>;
  /**
   * Calls it as a part of this work: what it calls belongs there, and it is cut off when the signal of `context`
   * aborts, while the script that waits for it goes on.
   * @param onStart called when the function begins: a script that computes is waited for.
   */
  within(context: ExecutionContext, args: unknown[], onStart?: () => void): Promise<ScriptValue>;
  /** Tells the script that nobody will call it again. */
  release(): void;
}

/** The isolate that a call comes from, as far as what it leaves behind is concerned. */
export interface ScriptScope {
  /** The id of the session that the isolate belongs to. */
  readonly session: string;
  readonly language: Language;
  /** The context of the run that goes on; between executions, of one that is begun for what happens there. */
  context(): ExecutionContext;
  /** Nothing happens between executions any more. */
  idle(): void;
  /** Appends to the journal of the run that goes on; does nothing when none does. */
  emit(event: EventBody): void;
  /** Has `release` called once, when the isolate ends; the result takes that back. */
  onEnd(release: () => void): () => void;
}

/** What surrounds one call of a member. */
export interface Call {
  readonly services: Services;
  /** The run that the call belongs to. */
  readonly context: ExecutionContext;
  /** The isolate it comes from. */
  readonly scope: ScriptScope;
  /** Hands an object to the script as a handle of a declared kind. The same object gives the same handle. */
  handle(kind: string, object: object): Reference;
  /** Asks whoever runs the script for a line (or, with `all`, everything) of input; undefined at its end. */
  input(all: boolean): Promise<string | undefined>;
  /** Resolves a script's relative path: against `base` if given, else the kernel's working directory. */
  resolvePath(path: string, base?: string): string;
}

/** Named parameters, in the order in which they are passed. */
export type Params = Record<string, z.ZodType>;
/** The parsed arguments by name. */
export type Args<P extends Params> = { [K in keyof P]: z.output<P[K]> };

/** A member of a global or a method of a handle: everything that is known about it, once. */
export interface MemberDefinition {
  /** One sentence or two: what it does, what it gives, what it raises. */
  readonly doc: string;
  readonly params: Params;
  /** The shape of the result, for documentation and types; nothing when absent. */
  readonly returns?: z.ZodType | undefined;
  /** Other names. `camelCase`/`snake_case` twins are made by themselves. */
  readonly aliases?: readonly string[] | undefined;
  /** Where it runs; in the kernel unless said otherwise. */
  readonly where?: 'isolate' | undefined;
  /** A short, complete use in each language; runs as a test. */
  readonly example?: { lua: string; javascript: string } | undefined;
  /** Set when the member answers for unknown keys of its global. */
  readonly index?: boolean | undefined;
  /** Set when the member returns a builder, which is made inside the isolate. */
  readonly builder?: BuilderDefinition | undefined;
  /** Does the work; absent for members that run in the isolate. */
  readonly run?: ((call: Call, args: Record<string, unknown>, self: unknown) => unknown) | undefined;
}

/** A builder: setters that gather plain data, and a method that hands it over. */
export interface BuilderDefinition {
  readonly setters: Readonly<Record<string, BuilderSetter & { doc: string; type: z.ZodType }>>;
  readonly aliases?: Readonly<Record<string, string>>;
  /** Finish method → member of the same global that receives the data. */
  readonly finish: Readonly<Record<string, string>>;
}

/** A readable field of a handle. */
export interface FieldDefinition {
  readonly doc: string;
  readonly type: z.ZodType;
  readonly get: (self: never) => ScriptValue;
}

/** A kind of object that scripts hold by reference. */
export interface HandleDefinition {
  readonly kind: string;
  readonly doc: string;
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  readonly methods: Readonly<Record<string, MemberDefinition>>;
}

/** A global table. */
export interface GlobalDefinition {
  readonly name: string;
  readonly doc: string;
  readonly members: Readonly<Record<string, MemberDefinition>>;
  readonly handles?: readonly HandleDefinition[];
  /** Reached by the engines' own libraries only; not visible to scripts. */
  readonly hidden?: boolean;
}

/** Declares a global; the file that does so is all that a new global needs. */
export function defineGlobal(definition: GlobalDefinition): GlobalDefinition {
  return definition;
}

/** What {@link member} takes: a member whose `run` knows its arguments by name and type. */
type TypedMember<P extends Params, Self> = Omit<MemberDefinition, 'params' | 'run'> & {
  params: P;
  run?: (call: Call, args: Args<P>, self: Self) => unknown;
};

/** Declares a member with typed arguments. */
export function member<P extends Params, Self = undefined>(
  definition: TypedMember<P, Self>,
): MemberDefinition {
  return definition as unknown as MemberDefinition;
}
