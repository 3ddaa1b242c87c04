import { fail } from '../../core/errors.js';
import { closest, inputError } from '../../core/schema.js';
import type { JsonObject } from '../../core/values.js';
import type { HookRegistry, RegisteredHook } from '../contract.js';
import type { ActiveBuiltin, Builtin, BuiltinParts } from './definition.js';
import { BUILTINS } from './index.js';

interface Enabled {
  readonly active: ActiveBuiltin;
  readonly hooks: readonly RegisteredHook[];
  readonly options: unknown;
}

/** The built-in hooks of one kernel session: which are switched on, and with what. */
export class Builtins {
  private readonly enabled = new Map<string, Enabled>();

  constructor(
    private readonly registry: HookRegistry,
    private readonly parts: BuiltinParts,
  ) {}

  /**
   * Switches a built-in hook on; one that is on already begins anew with these options.
   * @throws `hook.not_found`, `input.invalid` for wrong options
   */
  enable(name: string, options: unknown = {}): void {
    const builtin = find(name);
    const parsed = builtin.options.safeParse(options);
    if (!parsed.success) throw inputError(`built-in hook '${builtin.name}'`, parsed.error, builtin.options);
    this.disable(builtin.name);
    const active = builtin.make(parsed.data, this.parts);
    const hooks: RegisteredHook[] = [];
    try {
      for (const registration of active.registrations)
        hooks.push(
          this.registry.register({
            name: `builtin:${builtin.name}`,
            tags: ['builtin'],
            ratePerMinute: Number.POSITIVE_INFINITY,
            description: builtin.doc,
            ...registration,
          }),
        );
    } catch (thrown) {
      for (const hook of hooks) hook.unregister();
      throw thrown;
    }
    this.enabled.set(builtin.name, { active, hooks, options: parsed.data });
  }

  /** Switches a built-in hook off; whether it was on. @throws `hook.not_found` */
  disable(name: string): boolean {
    const builtin = find(name);
    const known = this.enabled.get(builtin.name);
    for (const hook of known?.hooks ?? []) hook.unregister();
    return this.enabled.delete(builtin.name);
  }

  /** What a built-in hook has seen; nothing when it is off. @throws `hook.not_found` */
  report(name: string): JsonObject | undefined {
    return this.enabled.get(find(name).name)?.active.report?.();
  }

  /** All there are. */
  list(): { name: string; doc: string; aliases: readonly string[]; enabled: boolean; options: unknown }[] {
    return BUILTINS.map(({ name, doc, aliases, options }) => {
      const known = this.enabled.get(name);
      return {
        name,
        doc,
        aliases,
        enabled: known !== undefined,
        options: known?.options ?? options.parse({}),
      };
    });
  }
}

function find(name: string): Builtin {
  const plain = (text: string) => text.toLowerCase().replace(/[-_ ]/g, '');
  const wanted = plain(name);
  const found = BUILTINS.find((each) =>
    [each.name, ...each.aliases].some((known) => plain(known) === wanted),
  );
  if (found) return found;
  const names = BUILTINS.map((each) => each.name);
  const near = closest(name, names);
  throw fail('hook.not_found', `There is no built-in hook '${name}'`, {
    hint: `${near ? `Did you mean '${near}'? ` : ''}There are: ${names.join(', ')}.`,
  });
}
