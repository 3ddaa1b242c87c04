import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { invoke } from '../core/invoke.js';
import { closest } from '../core/schema.js';
import { normalizeToolInput, toolComponent } from './component.js';
import type { SecurityLevel, ToolCategory, ToolDefinition } from './define.js';
import { bareHost, type ToolHost } from './host.js';
import { RateLimit } from './limits.js';
import type { ToolResult } from './result.js';

/** Far more than any spell needs: tools take memory of the kernel, which no limit of the script counts. */
const MAX_TOOLS = 10_000;

/** What is known of a tool without loading it. */
export interface ToolEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly category: ToolCategory;
  readonly level: SecurityLevel;
  readonly description: string;
  load(): Promise<ToolDefinition>;
}

/** Tools that come from elsewhere and are only known once they were asked for. */
export interface ToolSource {
  /** Whether a name could be one of its tools. */
  mayHave(name: string): boolean;
  /**
   * The tools that there are now.
   * Contract: cheap when asked again; does not reject: what cannot be had is left out and logged through `context`.
   */
  load(context: ExecutionContext): Promise<ToolEntry[]>;
}

/** The tools of one kernel: the built-in ones, loaded when first used, and those that spells register. */
export class Tools {
  private readonly entries = new Map<string, ToolEntry>();
  private readonly names = new Map<string, string>();
  private readonly loaded = new Map<string, ToolDefinition>();
  private fromSource: string[] = [];
  private readonly rate: RateLimit | undefined;

  constructor(
    builtIn: readonly ToolEntry[],
    readonly host: ToolHost = bareHost(),
    private readonly source?: ToolSource,
  ) {
    const { rate_limit_per_minute: perMinute } = host.config;
    this.rate = perMinute === undefined ? undefined : new RateLimit(perMinute);
    for (const entry of builtIn) this.add(entry);
  }

  /** Every tool by name, those of other servers too. */
  async all(context: ExecutionContext): Promise<ToolEntry[]> {
    await this.refresh(context);
    return this.list();
  }

  /** The entry for a name, as {@link find}, asking other servers where the name could be theirs. */
  async lookup(name: string, context: ExecutionContext): Promise<ToolEntry | undefined> {
    if (!this.find(name) && this.source?.mayHave(name)) await this.refresh(context);
    return this.find(name);
  }

  /** Every tool that is known already, by name. */
  list(): ToolEntry[] {
    return [...this.entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The entry for a name, an alias, or either with `_` for `-`. */
  find(name: string): ToolEntry | undefined {
    const real = this.names.get(name) ?? this.names.get(name.replaceAll('_', '-'));
    return real === undefined ? undefined : this.entries.get(real);
  }

  /** The definition, loaded. @throws `tool.not_found` */
  async get(name: string): Promise<ToolDefinition> {
    const entry = this.find(name);
    if (!entry) throw this.notFound(name);
    const known = this.loaded.get(entry.name);
    if (known) return known;
    this.refuseDisabled(entry.name);
    const definition = await entry.load();
    this.loaded.set(entry.name, definition);
    return definition;
  }

  /** Runs a tool through `invoke`. */
  async execute(name: string, input: unknown, context: ExecutionContext): Promise<ToolResult> {
    await this.lookup(name, context);
    this.rate?.take(context.effects.now());
    const definition = await this.get(name);
    return invoke(toolComponent(definition, this.host), normalizeToolInput(definition, input), context);
  }

  /** Adds a tool that a spell or an embedding program defines. @throws `tool.exists` */
  register(definition: ToolDefinition): void {
    if (this.find(definition.name))
      throw fail('tool.exists', `A tool named '${definition.name}' is registered already`);
    if (this.entries.size >= MAX_TOOLS)
      throw fail('limit.memory', `A session holds at most ${MAX_TOOLS} tools`, {
        hint: 'Take away those that are no longer needed: Tool.unregister(name).',
      });
    const { name, category, level, description, aliases = [] } = definition;
    this.add({ name, category, level, description, aliases, load: async () => definition });
  }

  /** Removes a registered tool; whether there was one. */
  unregister(name: string): boolean {
    this.loaded.delete(name);
    for (const [alias, real] of this.names) if (real === name) this.names.delete(alias);
    return this.entries.delete(name);
  }

  private async refresh(context: ExecutionContext): Promise<void> {
    if (!this.source) return;
    const entries = await this.source.load(context);
    for (const name of this.fromSource) this.unregister(name);
    const fresh = entries.filter((entry) => !this.find(entry.name));
    this.fromSource = fresh.map((entry) => entry.name);
    for (const entry of fresh) this.add(entry);
  }

  private add(entry: ToolEntry): void {
    this.entries.set(entry.name, entry);
    for (const name of [entry.name, ...entry.aliases]) this.names.set(name, entry.name);
  }

  /** `tools.enabled = false` switches off every tool, `enabled = false` in the table of a tool that one. */
  private refuseDisabled(name: string): void {
    const { config } = this.host;
    const own = config[name.replaceAll('-', '_')] as { enabled?: boolean } | undefined;
    if (config.enabled !== false && own?.enabled !== false) return;
    throw fail('tool.disabled', `The tool '${name}' is switched off`, {
      hint: `Remove enabled = false from [tools] or [tools.${name.replaceAll('-', '_')}] in llmspell.toml.`,
    });
  }

  private notFound(name: string): Error {
    const near = closest(name, [...this.names.keys()]);
    const hint = near ? `Did you mean '${near}'? ` : '';
    return fail('tool.not_found', `Tool '${name}' not found`, {
      hint: `${hint}List them with: llmspell tool list`,
    });
  }
}
