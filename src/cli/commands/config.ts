import { dirname, relative, resolve } from 'node:path';
import { defineCommand, flagged, type Invocation, option } from '../command.js';
import { printResult } from '../render/print.js';
import { loadSettings } from '../setup.js';

const init = defineCommand({
  name: 'init',
  summary: 'Write a configuration file with every key, its default and its meaning',
  options: {
    file: {
      short: 'f',
      also: ['o', 'output'],
      value: 'FILE',
      doc: 'Where to write it; llmspell.toml when absent',
      complete: 'file',
    },
    force: { doc: 'Replace a file that is there' },
  },
  examples: ['llmspell config init', 'llmspell config init -o config/llmspell.toml --force'],
  async run(invocation) {
    const [{ renderInitFile }, { writeNewFile }, { schemaAddress }] = await Promise.all([
      import('../../config/init-file.js'),
      import('../write-file.js'),
      import('../schema-address.js'),
    ]);
    const path = resolve(invocation.terminal.cwd, option(invocation, 'file') ?? 'llmspell.toml');
    await writeNewFile(
      path,
      renderInitFile({ schema: schemaAddress(dirname(path)) }),
      flagged(invocation, 'force'),
    );
    printResult(invocation, {
      json: { status: 'success', path },
      text: () => `Wrote ${shown(invocation, path)}`,
    });
    return 0;
  },
});

const validate = defineCommand({
  name: 'validate',
  summary: 'Check a configuration file',
  description: `Without FILE: the project's own file, else the user's. Ends with 1 when the file has errors; warnings are
advice and change nothing.`,
  args: [{ name: 'FILE', doc: 'The file to check', optional: true, complete: 'file' }],
  options: { file: { short: 'f', value: 'FILE', doc: 'The same as FILE', complete: 'file' } },
  examples: ['llmspell config validate', 'llmspell config validate other.toml --output json'],
  async run(invocation) {
    const { chosenConfigFile } = await import('../config-file.js');
    const path = chosenConfigFile(invocation);
    if (path === undefined) return nothingToValidate(invocation);
    const [{ validateConfigFile }, { reportText }] = await Promise.all([
      import('../../config/validate.js'),
      import('../render/config-report.js'),
    ]);
    const report = await validateConfigFile(path, invocation.terminal);
    printResult(invocation, { json: report, text: () => reportText(report, shown(invocation, path)) });
    return report.valid ? 0 : 1;
  },
});

function nothingToValidate(invocation: Invocation): number {
  printResult(invocation, {
    json: { valid: true, path: null, warnings: [], errors: [] },
    text: () => 'There is no configuration file; the defaults apply.',
  });
  return 0;
}

const show = defineCommand({
  name: 'show',
  summary: 'Show the effective configuration; secrets are hidden',
  args: [{ name: 'SECTION', doc: 'Only this section, e.g. providers', optional: true, complete: 'section' }],
  options: {
    format: { value: 'FORMAT', choices: ['toml', 'json'], doc: 'TOML, which is the default, or JSON' },
    origin: { doc: 'Show where each value came from' },
  },
  examples: [
    'llmspell config show',
    'llmspell config show runtime --origin',
    'llmspell config show --format json',
  ],
  async run(invocation) {
    const [loaded, { configView }] = await Promise.all([
      loadSettings(invocation),
      import('../render/config-view.js'),
    ]);
    const view = configView(loaded, invocation.args.SECTION, flagged(invocation, 'origin'));
    const format = option(invocation, 'format');
    printResult(invocation, view, format === 'json' ? 'pretty' : (format ?? option(invocation, 'output')));
    return 0;
  },
});

const get = defineCommand({
  name: 'get',
  summary: 'Print one value of the effective configuration',
  description:
    'Text is printed bare, a table as TOML, a key that is not set as an empty line. Secrets are hidden.',
  args: [{ name: 'PATH', doc: 'A dotted path, e.g. runtime.script_timeout_seconds' }],
  examples: ['llmspell config get default_engine', 'llmspell config get runtime.security --output json'],
  async run(invocation) {
    const [{ config }, { configValue, valueText }] = await Promise.all([
      loadSettings(invocation),
      import('../config-value.js'),
    ]);
    const path = invocation.args.PATH!;
    const value = configValue(config, path);
    printResult(invocation, { json: value ?? null, text: () => valueText(value, path) });
    return 0;
  },
});

const listProfiles = defineCommand({
  name: 'list-profiles',
  summary: 'List the built-in profiles',
  options: { detailed: { short: 'd', doc: 'Also what they are for and what they set' } },
  examples: ['llmspell config list-profiles --detailed', 'llmspell run -p state spell.lua'],
  async run(invocation) {
    const [{ PROFILES }, { profilesText }] = await Promise.all([
      import('../../config/profiles.js'),
      import('../render/config-report.js'),
    ]);
    printResult(invocation, {
      json: PROFILES.map(({ values: _, ...profile }) => profile),
      text: () => profilesText(PROFILES, flagged(invocation, 'detailed')),
    });
    return 0;
  },
});

function shown({ terminal }: Invocation, path: string): string {
  const short = relative(terminal.cwd, path);
  return short.startsWith('..') ? path : short;
}

/** `llmspell config`: everything about configuration files and the effective configuration. */
export default defineCommand({
  name: 'config',
  summary: 'Write, check and show configuration',
  subcommands: [init, validate, show, get, listProfiles],
});
