import { fail } from '../core/errors.js';
import { EXIT } from '../core/exit-codes.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Offer } from '../protocols/mcp/offer.js';
import { type Grants, mergeGrants } from '../security/grants.js';
import type { Manifest } from '../security/manifest.js';
import { SavedGrants } from './ask/saved-grants.js';
import { consentToManifest, readManifest, type SpellFile, spellSubject } from './ask/spell-manifest.js';
import { type Invocation, option } from './command.js';
import { untilInterrupt } from './interrupts.js';
import { scriptLanguage } from './language.js';
import { numberOption } from './run-options.js';
import { readScriptFile } from './script-file.js';
import { startKernel } from './setup.js';

type Spell = ReturnType<typeof readScriptFile> & SpellFile & { manifest: Manifest | undefined };

/** Serves until the client leaves or the process is told to end; returns the exit code. */
export async function serveMcp(invocation: Invocation): Promise<number> {
  const spells = await readSpells(invocation);
  const { kernel, config } = await startKernel(invocation, {
    consent: (granted) => consentToAll(spells, granted, invocation),
  });
  try {
    const seconds = numberOption(invocation, 'timeout') ?? config.config.runtime.script_timeout_seconds;
    const offers = [
      ...(await offeredTools(kernel, invocation)),
      ...(await offeredSpells(kernel, spells, seconds * 1000)),
    ];
    refuseDoubles(offers);
    await untilInterrupt((signal) => serve(offers, invocation, kernel, signal));
    return EXIT.ok;
  } finally {
    await kernel.shutdown();
  }
}

function readSpells({ rest, terminal }: Invocation): Promise<Spell[]> {
  return Promise.all(
    rest.map(async (script) => {
      const file = { script, ...readScriptFile(terminal.cwd, script) };
      return { ...file, manifest: await readManifest(file) };
    }),
  );
}

async function consentToAll(
  spells: readonly Spell[],
  granted: Grants,
  invocation: Invocation,
): Promise<Partial<Grants>> {
  const saved = new SavedGrants(invocation.terminal);
  let all: Partial<Grants> = {};
  for (const { manifest, ...file } of spells) {
    if (!manifest) continue;
    const subject = spellSubject(file, invocation.terminal.cwd);
    const before = mergeGrants(granted, saved.of(subject));
    all = mergeGrants(
      all,
      saved.of(subject),
      await consentToManifest(manifest, { invocation, granted: before, saved, subject }),
    );
  }
  return all;
}

async function offeredTools(kernel: Kernel, invocation: Invocation): Promise<Offer[]> {
  const names = option(invocation, 'tools');
  if (names === 'none') return [];
  const { toolOffers } = await import('../protocols/mcp/tool-offers.js');
  return toolOffers(
    kernel,
    names
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? [],
  );
}

async function offeredSpells(kernel: Kernel, spells: readonly Spell[], timeoutMs: number): Promise<Offer[]> {
  const { spellOffer } = await import('../protocols/mcp/spell-offers.js');
  return spells.map(({ script, code, name, directory, manifest }) => {
    const { language, typescript } = scriptLanguage(undefined, script, 'lua');
    const source = { code, name, directory, ...(typescript && { typescript }) };
    return spellOffer(kernel, { source, language, manifest, timeoutMs });
  });
}

function refuseDoubles(offers: readonly Offer[]): void {
  const names = offers.map((offer) => offer.tool.name);
  const double = names.find((name, at) => names.indexOf(name) !== at);
  if (double !== undefined)
    throw fail('usage.invalid', `Two tools would be named '${double}'`, {
      hint: 'Give the spell another name: -- llmspell: name=OTHER',
    });
}

async function serve(
  offers: readonly Offer[],
  invocation: Invocation,
  kernel: Kernel,
  signal: AbortSignal,
): Promise<void> {
  const address = option(invocation, 'http');
  if (address === undefined) {
    const { serveStdio } = await import('../protocols/mcp/stdio.js');
    return serveStdio(offers, signal);
  }
  const { serveHttp } = await import('../protocols/mcp/http.js');
  const { effects } = kernel.surroundings();
  const server = await serveHttp(offers, { ...httpAddress(address), token: token(invocation), effects });
  invocation.terminal.err(`Serving MCP at ${server.url}\n`);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await server.close();
}

function httpAddress(text: string): { host: string; port: number } {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) throw fail('usage.invalid', `--http needs PORT or HOST:PORT, not '${text}'`);
  return { host: match[1]?.replace(/^\[|\]$/g, '') ?? '127.0.0.1', port };
}

function token(invocation: Invocation): string | undefined {
  const name = option(invocation, 'token-env');
  if (name === undefined) return undefined;
  const value = invocation.terminal.env[name];
  if (!value) throw fail('usage.invalid', `The variable ${name}, which --token-env names, is not set`);
  return value;
}
