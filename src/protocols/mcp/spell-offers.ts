import { basename } from 'node:path';
import { toJson } from '../../core/values.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Language, Source } from '../../script/protocol.js';
import type { Manifest, SpellParameter } from '../../security/manifest.js';
import { errorResult } from './error-result.js';
import type { Offer, OfferCall } from './offer.js';

/** A spell that MCP clients may run. */
export interface OfferedSpell {
  source: Source;
  language: Language;
  manifest: Manifest | undefined;
  /** Milliseconds one run may take. */
  timeoutMs: number;
}

/**
 * A spell as a tool: its arguments are the named `ARGS`, what it prints and returns is the answer. Every call runs in
 * a session of its own.
 */
export function spellOffer(kernel: Kernel, spell: OfferedSpell): Offer {
  const { manifest, source } = spell;
  return {
    tool: {
      name: (manifest?.name ?? basename(source.name)).replace(/\.\w+$/, '').replace(/[^A-Za-z0-9_-]/g, '_'),
      description: manifest?.description ?? `Runs the spell ${basename(source.name)}.`,
      inputSchema: inputSchema(manifest?.parameters ?? {}),
    },
    call: (call) => runSpell(kernel, spell, call),
  };
}

function inputSchema(parameters: Record<string, SpellParameter>) {
  const entries = Object.entries(parameters);
  const properties = Object.fromEntries(
    entries.map(([name, { type, description, default: fallback }]) => [
      name,
      { type, description, ...(fallback !== undefined && { default: fallback }) },
    ]),
  );
  return {
    type: 'object' as const,
    properties,
    required: entries.filter(([, { required }]) => required).map(([name]) => name),
    additionalProperties: entries.length === 0,
  };
}

async function runSpell(kernel: Kernel, spell: OfferedSpell, { args, signal, onEvent }: OfferCall) {
  const missing = missingArgument(spell.manifest, args);
  if (missing !== undefined)
    return errorResult({ code: 'input.invalid', message: `Missing required parameter '${missing}'` });
  const printed: string[] = [];
  const session = kernel.createSession();
  const interrupt = () => session.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const outcome = await session.execute({
      language: spell.language,
      source: { ...spell.source, args: namedArgs(spell, args) },
      timeoutMs: spell.timeoutMs,
      onEvent,
      onMessage: (message) => void (message.type === 'stream' && printed.push(message.text)),
    });
    if (outcome.error) return errorResult(outcome.error);
    const value = toJson(outcome.value);
    const text = printed.join('') + (value === null ? '' : textOf(value));
    return {
      content: [{ type: 'text' as const, text }],
      structuredContent: { value, output: printed.join('') },
    };
  } finally {
    signal.removeEventListener('abort', interrupt);
    await session.close();
  }
}

function missingArgument(manifest: Manifest | undefined, args: Record<string, unknown>): string | undefined {
  const required = Object.entries(manifest?.parameters ?? {}).filter(([, parameter]) => parameter.required);
  return required.find(([name]) => args[name] === undefined)?.[0];
}

/** Spells read their arguments as text, as from a command line. */
function namedArgs({ source, manifest }: OfferedSpell, args: Record<string, unknown>) {
  const defaults = Object.entries(manifest?.parameters ?? {}).flatMap(([name, { default: fallback }]) =>
    fallback === undefined ? [] : [[name, fallback] as const],
  );
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null);
  const named = Object.fromEntries([...defaults, ...given].map(([name, value]) => [name, textOf(value)]));
  return { script: basename(source.name), positional: [], named };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
