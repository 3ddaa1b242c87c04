import { fail, type LlmspellError } from '../core/errors.js';
import { closest } from '../core/schema.js';
import { isRecord } from '../core/values.js';
import { compatibleProvider } from './compatible.js';
import { type ProviderInfo, providerInfo } from './info.js';
import type { LanguageModel, ProviderDefinition, ProviderSettings } from './model.js';
import { PRESETS } from './presets.js';
import {
  type Environment,
  lacksKey,
  type ProviderOverrides,
  type ProviderTable,
  providerSettings,
  requireKey,
} from './settings.js';
import { type ModelSpecifier, parseModel } from './specifier.js';

/** The `[providers]` section: one name and any number of tables. */
export interface ProvidersConfig {
  default_provider?: string | undefined;
  [name: string]: ProviderTable | string | undefined;
}

/** What {@link Providers} is made of. */
export interface ProvidersOptions {
  config: ProvidersConfig;
  env: Environment;
  /** Keys that are kept for providers, by their name or type; the last that are looked at. */
  storedKeys?: ReadonlyMap<string, string> | undefined;
  /** Why kept keys cannot be used. */
  unusableKeys?: LlmspellError | undefined;
  /** The files of `definitions/` by name; loaded when first needed. */
  definitions: Readonly<Record<string, () => Promise<{ default: ProviderDefinition }>>>;
}

/** A model ready to be asked, with the settings that `converse` needs. */
export interface ResolvedModel {
  model: LanguageModel;
  settings: ProviderSettings;
}

/** A provider by the name a script would use. */
interface Entry {
  name: string;
  table: ProviderTable;
  definition: ProviderDefinition;
}

/** Answers without anything configured, without a key and without a network. */
const OFFLINE = 'offline';
/** Present although nobody configured them. */
const BUILT_IN = [OFFLINE, 'mock'];
/** Where model names without a provider are sought when the configuration does not say. */
const USUAL = 'openai';

/** The providers of one kernel: those configured, those built in, and those known by their type alone. */
export class Providers {
  constructor(private readonly options: ProvidersOptions) {}

  /** All configured and built-in providers: the default first, then by name. */
  async list(): Promise<ProviderInfo[]> {
    const first = this.find(this.defaultName());
    const others = [...this.configuredNames(), ...BUILT_IN].sort();
    const names = new Set(first === undefined ? others : [first, ...others]);
    return Promise.all([...names].map(async (name) => this.info(await this.entry(name))));
  }

  /** One of {@link list} by its full name, its table's name or its type; undefined if there is none. */
  async get(name: string): Promise<ProviderInfo | undefined> {
    const all = await this.list();
    const by = (key: 'name' | 'provider' | 'type') => all.find((info) => info[key] === name);
    return by('name') ?? by('provider') ?? by('type');
  }

  /** The provider that serves models named without one. */
  defaultName(): string {
    const { default_provider: chosen } = this.options.config;
    return chosen ?? this.enabledNames()[0] ?? OFFLINE;
  }

  /**
   * The model that a specifier names: `provider/model`, a bare model of the default provider, the bare name of a
   * provider for its default model, or nothing at all for the default provider's.
   * @throws `provider.invalid_model`, `provider.not_found`, `provider.missing_key`, `config.invalid`
   */
  async resolve(spec?: string | undefined, overrides: ProviderOverrides = {}): Promise<ResolvedModel> {
    const { name, model: asked } = this.locate(spec);
    const entry = await this.entry(name);
    const settings = this.settings(entry, overrides);
    if (!settings.enabled)
      throw fail('provider.not_found', `Provider '${name}' is disabled`, {
        hint: `Set enabled = true under [providers.${name}].`,
      });
    this.requireKey(settings, entry);
    const model = asked ?? settings.defaultModel;
    if (!model) throw noDefaultModel(name);
    return { model: await entry.definition.model(settings, model), settings };
  }

  /** Asks a provider whether it answers and which models it has. Unlike everything else here this uses the network. */
  async check(name: string, signal: AbortSignal): Promise<{ models: string[] }> {
    const found = await this.get(name);
    const entry = await this.entry(found?.provider ?? name);
    const settings = this.settings(entry);
    this.requireKey(settings, entry);
    if (entry.definition.check) return entry.definition.check(settings, signal);
    throw fail('provider.bad_request', `Provider '${entry.name}' offers no way to be checked`);
  }

  /** Turns a specifier into the name of a provider and a model, `undefined` for its default model. */
  private locate(spec: string | undefined): { name: string; model?: string | undefined } {
    if (spec === undefined) return { name: this.defaultName() };
    const named = this.find(spec.trim());
    if (named !== undefined) return { name: named };
    const { provider, model, backend } = parseModel(spec, { defaultProvider: this.bareModelHome() });
    const name = this.find(provider);
    if (backend === undefined) return { name: name ?? this.unknown(provider, spec), model };
    return this.locateBackend(spec.trim(), { provider, model, backend }, name, this.find(backend));
  }

  /** What follows the `@` is a backend only if it is the name of a provider; model names contain the sign too. */
  private locateBackend(
    spec: string,
    parsed: ModelSpecifier,
    name: string | undefined,
    backend: string | undefined,
  ) {
    if (name && backend && backend !== name) throw twoProviders(spec, parsed);
    if (!name && backend) return { name: backend, model: `${parsed.provider}/${parsed.model}` };
    if (name && backend) return { name, model: parsed.model };
    if (name) return { name, model: `${parsed.model}@${parsed.backend}` };
    return spec.includes('/')
      ? this.unknown(parsed.provider, spec)
      : { name: this.bareModelHome(), model: spec };
  }

  /** A table of that name, else a table of that type, else a known type without a table. */
  private find(provider: string): string | undefined {
    if (this.table(provider)) return provider;
    const sameType = this.enabledNames().find((name) => this.typeOf(name) === provider);
    return sameType ?? (this.knowsType(provider) ? provider : undefined);
  }

  private bareModelHome(): string {
    const { default_provider: chosen } = this.options.config;
    const enabled = this.enabledNames();
    return chosen ?? (enabled.length === 1 ? enabled[0]! : USUAL);
  }

  private unknown(provider: string, spec: string): never {
    const known = [...this.configuredNames(), ...this.knownTypes()];
    const near = closest(provider, known);
    const home = this.defaultName();
    throw fail(
      'provider.not_found',
      `No provider is called '${provider}'${near ? `, did you mean '${near}'?` : ''}`,
      {
        hint: spec.includes('/')
          ? `If the slash belongs to the model's name, put the provider in front: "${home}/${spec.trim()}".`
          : `Known providers: ${known.join(', ')}.`,
        details: { provider },
      },
    );
  }

  private async entry(name: string): Promise<Entry> {
    const table = this.table(name) ?? {};
    return { name, table, definition: await this.definition(name, this.typeOf(name)) };
  }

  private async definition(name: string, type: string): Promise<ProviderDefinition> {
    const load = Object.hasOwn(this.options.definitions, type) ? this.options.definitions[type] : undefined;
    if (load) return (await load()).default;
    if (Object.hasOwn(PRESETS, type)) return compatibleProvider(type, PRESETS[type]!);
    if (!this.table(name)) this.unknown(name, name);
    const near = closest(type, this.knownTypes());
    throw fail('config.invalid', `[providers.${name}] has an unknown provider_type '${type}'`, {
      hint: `${near ? `Did you mean '${near}'? ` : ''}Known types: ${this.knownTypes().join(', ')}.`,
    });
  }

  private settings({ name, table, definition }: Entry, overrides?: ProviderOverrides): ProviderSettings {
    const { env, storedKeys } = this.options;
    const stored = storedKeys?.get(name) ?? storedKeys?.get(definition.type);
    return providerSettings(name, table, definition, env, overrides, stored);
  }

  private requireKey(settings: ProviderSettings, { table, definition }: Entry): void {
    if (this.options.unusableKeys && lacksKey(settings, definition)) throw this.options.unusableKeys;
    requireKey(settings, table, definition);
  }

  private info(entry: Entry): ProviderInfo {
    return providerInfo(this.settings(entry), entry.definition);
  }

  private table(name: string): ProviderTable | undefined {
    const { config } = this.options;
    const value = Object.hasOwn(config, name) ? config[name] : undefined;
    return isRecord(value) ? (value as ProviderTable) : undefined;
  }

  private typeOf(name: string): string {
    return this.table(name)?.provider_type ?? name;
  }

  private configuredNames(): string[] {
    return Object.keys(this.options.config).filter((name) => this.table(name) !== undefined);
  }

  private enabledNames(): string[] {
    return this.configuredNames()
      .filter((name) => this.table(name)?.enabled !== false)
      .sort();
  }

  private knowsType(type: string): boolean {
    return this.knownTypes().includes(type);
  }

  private knownTypes(): string[] {
    return [...new Set([...Object.keys(this.options.definitions), ...Object.keys(PRESETS)])].sort();
  }
}

function noDefaultModel(name: string) {
  return fail('provider.invalid_model', `Provider '${name}' has no default model`, {
    hint: `Set default_model under [providers.${name}], or name a model: "${name}/MODEL".`,
  });
}

function twoProviders(spec: string, { provider, backend }: ModelSpecifier) {
  return fail(
    'provider.invalid_model',
    `'${spec.trim()}' names two providers, '${provider}' and '${backend}'`,
    {
      hint: 'Write provider/model, or local/model@backend.',
    },
  );
}
