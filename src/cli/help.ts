import type { ArgumentDefinition, Command, OptionDefinitions } from './command.js';
import { GLOBAL_OPTIONS } from './parse.js';

const INTRO = `llmspell: a scriptable runtime for language models.

Usage: llmspell COMMAND [options]
`;

/** The help text of the program, or of the command that `path` ends with. */
export function helpText(path: readonly Command[], commands: readonly Command[]): string {
  const command = path.at(-1);
  if (!command)
    return `${INTRO}\nCommands:\n${commandTable(commands)}\nOptions:\n${optionTable(GLOBAL_OPTIONS)}`;
  const name = path.map((each) => each.name).join(' ');
  return [
    `${command.summary}\n`,
    `Usage: llmspell ${name}${argumentSummary(command)} [options]\n`,
    command.description ? `${command.description}\n` : '',
    section('Commands', command.subcommands ? commandTable(command.subcommands) : ''),
    section('Arguments', columns((command.args ?? []).map((arg) => [arg.name, arg.doc]))),
    section('Options', optionTable(Object.assign({}, ...path.map((each) => each.options ?? {})))),
    section('Global options', optionTable(GLOBAL_OPTIONS)),
    section('Examples', (command.examples ?? []).map((example) => `  ${example}\n`).join('')),
  ]
    .filter(Boolean)
    .join('\n');
}

function section(title: string, body: string): string {
  return body ? `${title}:\n${body}` : '';
}

function commandTable(commands: readonly Command[]): string {
  return columns(commands.map((command) => [command.name, command.summary]));
}

function optionTable(options: OptionDefinitions): string {
  const rows = Object.entries(options).map(([name, { short, value, optionalValue, doc }]) => {
    const argument = optionalValue ? `[=${value}]` : value ? ` ${value}` : '';
    return [`${short ? `-${short}, ` : '    '}--${name}${argument}`, doc] as const;
  });
  return columns(rows);
}

function argumentSummary(command: Command): string {
  const show = ({ name, optional, rest }: ArgumentDefinition) => {
    const shown = `${name}${rest ? '…' : ''}`;
    return optional || rest ? ` [${shown}]` : ` ${shown}`;
  };
  const sub = command.subcommands && !command.run ? ' COMMAND' : '';
  return sub + (command.args ?? []).map(show).join('') + (command.passThrough ? ' [ARGUMENTS…]' : '');
}

/** Two aligned columns; a long left column puts the right one on the next line. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(30, Math.max(0, ...rows.map(([left]) => left.length)));
  const line = ([left, right]: readonly [string, string]) =>
    left.length > width
      ? `  ${left}\n  ${' '.repeat(width)}  ${right}\n`
      : `  ${left.padEnd(width)}  ${right}\n`;
  return rows.map(line).join('');
}
