import type { Command, OptionDefinition, OptionDefinitions } from '../../src/cli/command.js';
import { optionDoc, optionForm, usage } from '../../src/cli/help.js';
import { GLOBAL_OPTIONS } from '../../src/cli/parse.js';
import { anchor, code, fence, GENERATED, markdownTable, page } from './markdown.js';
import type { Found } from './sources.js';

/** Every command with its arguments, options and examples, as one page. */
export function cliReference(found: readonly Found<{ name: string }>[]): string {
  const commands = found.map(({ definition }) => definition as Command);
  return page([
    GENERATED,
    '# Command reference',
    'What the commands mean together (output, exit codes, configuration) is in [the command line](../cli.md). ' +
      'The same texts are printed by `llmspell COMMAND --help`.',
    markdownTable(
      ['Command', 'What it does'],
      commands.flatMap((command) => indexRows([command])),
    ),
    '## Global options',
    'They stand before or behind the command.',
    optionTable(GLOBAL_OPTIONS),
    ...commands.flatMap((command) => section([command])),
  ]);
}

/** Commands that can be run; those that only hold others are not listed themselves. */
function indexRows(path: readonly Command[]): string[][] {
  const command = path.at(-1)!;
  const title = titleOf(path);
  const own = command.run ? [[`[${code(title)}](#${anchor(title)})`, command.summary]] : [];
  return [...own, ...(command.subcommands ?? []).flatMap((child) => indexRows([...path, child]))];
}

function section(path: readonly Command[]): string[] {
  const command = path.at(-1)!;
  const inner = (command.subcommands ?? []).flatMap((child) => section([...path, child]));
  return [
    `${'#'.repeat(path.length + 1)} ${titleOf(path)}`,
    `${command.summary}.`,
    ...(command.run ? details(path) : []),
    ...inner,
  ];
}

function details(path: readonly Command[]): string[] {
  const { description, args = [], options = {}, examples = [] } = path.at(-1)!;
  return [
    fence('text', usage(path)),
    description?.replaceAll(/(?<!\n)\n(?!\n)/g, ' ') ?? '',
    markdownTable(
      ['Argument', 'Meaning'],
      args.map(({ name, doc }) => [code(name), doc]),
    ),
    optionTable(options),
    examples.length > 0 ? fence('sh', examples.join('\n')) : '',
  ];
}

function optionTable(options: OptionDefinitions): string {
  return markdownTable(
    ['Option', 'Meaning'],
    Object.entries(options).map(([name, option]) => [code(optionForm(name, option).trim()), meaning(option)]),
  );
}

/** The choices are named where the text does not name them itself. */
function meaning(option: OptionDefinition): string {
  const text = optionDoc(option);
  const { choices = [] } = option;
  return choices.every((choice) => text.includes(choice)) ? text : `${text}: ${choices.join(', ')}`;
}

function titleOf(path: readonly Command[]): string {
  return path.map(({ name }) => name).join(' ');
}
