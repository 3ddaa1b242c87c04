import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseToml } from '../../config/toml.js';
import { fail } from '../../core/errors.js';
import { type Grants, grantFlags, mergeGrants, parseGrantFlag } from '../../security/grants.js';
import { type Manifest, manifestInSource, manifestInToml, manifestNeeds } from '../../security/manifest.js';
import { createPermissions } from '../../security/permissions.js';
import { flagged, type Invocation } from '../command.js';
import { printable } from '../printable.js';
import type { ReadLine } from './question.js';
import type { SavedGrants, Subject } from './saved-grants.js';

/** Characters of what a spell says of itself. */
const LONGEST_WORDS = 300;

/** A spell file, read. */
export interface SpellFile {
  /** As it was named on the command line; `-` for standard input. */
  script: string;
  code: string;
  directory: string;
}

/** The manifest of a spell: of the `spell.toml` beside it and of its own comment, together. */
export async function readManifest({ script, code, directory }: SpellFile): Promise<Manifest | undefined> {
  const inside = code.includes('llmspell:') ? manifestInSource(code) : undefined;
  const file = join(directory, 'spell.toml');
  if (script === '-' || !existsSync(file)) return inside;
  const beside = manifestInToml(await parseToml(readFileSync(file, 'utf8'), file), basename(script));
  if (!inside || !beside) return inside ?? beside;
  return {
    ...beside,
    ...inside,
    grants: mergeGrants(beside.grants, inside.grants),
    parameters: beside.parameters,
  };
}

/** Whom lasting grants of a spell belong to: the file, as long as its code is the same. */
export function spellSubject({ script, code }: SpellFile, cwd: string): Subject {
  return { name: resolve(cwd, script), hash: createHash('sha256').update(code).digest('hex') };
}

/** Who may add to the grants of a run before it begins. */
export interface Consent {
  invocation: Invocation;
  /** What is granted anyway. */
  granted: Grants;
  saved: SavedGrants;
  subject: Subject;
  /** Absent where nobody can be asked. */
  readLine?: ReadLine | undefined;
}

/**
 * What a spell's manifest adds to the grants of its run. What is not granted already is shown, and accepted by
 * `--accept-manifest`, by an earlier "always", or by a person at the terminal.
 * @throws `permission.manifest` where it is not accepted
 */
export async function consentToManifest(manifest: Manifest, consent: Consent): Promise<Partial<Grants>> {
  const { cwd } = consent.invocation.terminal;
  const needs = missingNeeds(manifest, consent.granted, cwd);
  if (needs.length === 0) return {};
  const grants = absoluteGrants(needs, cwd);
  show(manifest, needs, consent.invocation);
  if (flagged(consent.invocation, 'accept-manifest')) return grants;
  const answer = consent.readLine ? await answerOf(consent.invocation, consent.readLine) : undefined;
  if (answer === 'always') consent.saved.add(consent.subject, grants);
  if (answer === 'run' || answer === 'always') return grants;
  throw fail('permission.manifest', 'The spell needs more than it was granted', {
    hint: `Accept what it asks for with --accept-manifest, or grant it: ${grantFlags(grants)}`,
    details: { needs },
  });
}

type Need = ReturnType<typeof manifestNeeds>[number];

function missingNeeds(manifest: Manifest, granted: Grants, cwd: string): Need[] {
  const permissions = createPermissions(granted, { cwd });
  return manifestNeeds(manifest).filter(({ capability, target }) => {
    const [absolute] = parseGrantFlag(capability, target, cwd);
    return !granted[capability].includes(absolute!) && !permissions.allows(capability, absolute!);
  });
}

function absoluteGrants(needs: readonly Need[], cwd: string): Partial<Grants> {
  return mergeGrants(
    ...needs.map(({ capability, target }) => ({ [capability]: parseGrantFlag(capability, target, cwd) })),
  );
}

/** What the spell chose to say is cut short: it cannot scroll away what it asks for. */
function show({ name, description }: Manifest, needs: readonly Need[], { terminal, args }: Invocation): void {
  const short = (text: string) => printable(text).slice(0, LONGEST_WORDS);
  terminal.err(`${short(name ?? args.SCRIPT ?? 'The spell')} asks for:\n`);
  for (const { capability, target } of needs) terminal.err(`  ${capability.padEnd(6)}${printable(target)}\n`);
  if (description) terminal.err(`It says of itself: ${short(description)}\n`);
}

async function answerOf({ terminal }: Invocation, readLine: ReadLine): Promise<'run' | 'always' | 'no'> {
  for (;;) {
    terminal.err('Allow all of it for this [r]un, [a]lways, or [n]o? ');
    const line = (await readLine())?.trim().toLowerCase();
    if (line === 'r' || line === 'run' || line === 'y' || line === 'yes') return 'run';
    if (line === 'a' || line === 'always') return 'always';
    if (line === undefined || line === 'n' || line === 'no') return 'no';
  }
}
