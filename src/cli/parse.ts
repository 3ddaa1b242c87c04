import { closest } from '../core/closest.js';
import { fail } from '../core/errors.js';
import type { ArgumentDefinition, Command, OptionDefinition, OptionDefinitions } from './command.js';

/** A command line, understood. */
export interface ParsedLine {
  /** The command and subcommands, outermost first. */
  path: Command[];
  args: Record<string, string | undefined>;
  rest: string[];
  options: Record<string, string[]>;
}

/** Options that every command accepts, before or after its name. */
export const GLOBAL_OPTIONS: OptionDefinitions = {
  config: { short: 'c', value: 'FILE', doc: 'Configuration file to use instead of the project’s own' },
  profile: {
    short: 'p',
    value: 'NAME',
    doc: 'Built-in profile to start from (see: llmspell config list-profiles)',
  },
  output: {
    value: 'FORMAT',
    choices: ['text', 'json', 'jsonl', 'pretty'],
    doc: 'How results are printed: text, json, jsonl or pretty',
  },
  trace: {
    value: 'LEVEL',
    choices: ['off', 'error', 'warn', 'info', 'debug', 'trace'],
    doc: 'Log messages to show on stderr; warn when absent',
  },
  help: { short: 'h', doc: 'Show help' },
};

/** Understands a command line. @throws `usage.invalid` with a suggestion. */
export function parseLine(argv: readonly string[], commands: readonly Command[]): ParsedLine {
  return new LineParser(argv, commands).parse();
}

class LineParser {
  private readonly path: Command[] = [];
  private readonly positional: string[] = [];
  private readonly script: string[] = [];
  private readonly options: Record<string, string[]> = {};
  private at = 0;

  constructor(
    private readonly argv: readonly string[],
    private readonly commands: readonly Command[],
  ) {}

  parse(): ParsedLine {
    while (this.at < this.argv.length) this.token(this.argv[this.at++]!);
    const { args, rest } = this.assign();
    return { path: this.path, args, rest: [...rest, ...this.script], options: this.options };
  }

  private token(token: string): void {
    if (token === '--') {
      this.script.push(...this.argv.slice(this.at));
      this.at = this.argv.length;
    } else if (/^--?[A-Za-z]/.test(token)) this.optionToken(token);
    else this.word(token);
  }

  private word(token: string): void {
    const candidates = this.path.length === 0 ? this.commands : (this.command?.subcommands ?? []);
    const next = this.positional.length === 0 ? candidates.find(({ name }) => name === token) : undefined;
    if (next) this.path.push(next);
    else if (candidates.length > 0 && !this.command?.run) throw unknownCommand(token, candidates);
    else if (this.passing) this.script.push(token);
    else this.positional.push(token);
  }

  private optionToken(token: string): void {
    const [name, inline] = splitOption(token);
    const found = this.findOption(token.startsWith('--') ? { name } : { short: name });
    if (!found) return this.unknownOption(token, name);
    const [key, definition] = found;
    const value = this.valueOf(token, definition, inline);
    if (definition.choices && !definition.choices.includes(value))
      throw badChoice(key, value, definition.choices);
    if (definition.repeat) (this.options[key] ??= []).push(value);
    else this.options[key] = [value];
  }

  private valueOf(token: string, definition: OptionDefinition, inline: string | undefined): string {
    if (definition.value === undefined && !definition.optionalValue) {
      if (inline !== undefined) throw fail('usage.invalid', `${token.split('=')[0]} takes no value`);
      return '';
    }
    if (inline !== undefined || definition.optionalValue) return inline ?? '';
    const next = this.argv[this.at++];
    if (next === undefined) throw fail('usage.invalid', `${token} needs a value (${definition.value})`);
    return next;
  }

  private unknownOption(token: string, name: string): void {
    if (this.passing) {
      this.script.push(token);
      return;
    }
    const near = closest(name, Object.keys(this.known()));
    throw fail('usage.invalid', `Unknown option ${token.split('=')[0]}`, {
      hint: near
        ? `Did you mean --${near}?`
        : `See: llmspell ${[...this.path.map((c) => c.name), '--help'].join(' ')}`,
    });
  }

  private findOption(wanted: { name?: string; short?: string }): [string, OptionDefinition] | undefined {
    return Object.entries(this.known()).find(
      ([name, { short }]) => name === wanted.name || (short !== undefined && short === wanted.short),
    );
  }

  private known(): OptionDefinitions {
    return Object.assign({}, GLOBAL_OPTIONS, ...this.path.map((command) => command.options ?? {}));
  }

  private get command(): Command | undefined {
    return this.path.at(-1);
  }

  /** Whether what is unknown belongs to the script. */
  private get passing(): boolean {
    return this.command?.passThrough === true && this.positional.length > 0;
  }

  private assign(): { args: Record<string, string | undefined>; rest: string[] } {
    const definitions = this.command?.args ?? [];
    const args: Record<string, string | undefined> = {};
    const values = [...this.positional];
    for (const definition of definitions) {
      if (definition.rest) return { args, rest: values };
      args[definition.name] = values.shift();
      if (args[definition.name] === undefined && !definition.optional && !this.options.help)
        throw this.missing(definition);
    }
    if (values.length > 0 && !this.options.help)
      throw fail('usage.invalid', `Unexpected argument '${values[0]}'`);
    return { args, rest: [] };
  }

  private missing({ name }: ArgumentDefinition): Error {
    const command = this.path.map((each) => each.name).join(' ');
    return fail('usage.invalid', `llmspell ${command} needs ${name}`, {
      hint: `See: llmspell ${command} --help`,
    });
  }
}

function splitOption(token: string): [string, string | undefined] {
  const body = token.replace(/^--?/, '');
  const equals = body.indexOf('=');
  return equals < 0 ? [body, undefined] : [body.slice(0, equals), body.slice(equals + 1)];
}

function badChoice(name: string, value: string, choices: readonly string[]): Error {
  return fail('usage.invalid', `--${name} cannot be '${value}'`, { hint: `One of: ${choices.join(', ')}` });
}

function unknownCommand(token: string, candidates: readonly Command[]): Error {
  const names = candidates.map(({ name }) => name);
  const near = closest(token, names);
  return fail('usage.invalid', `Unknown command '${token}'`, {
    hint: near ? `Did you mean '${near}'?` : `Commands: ${names.join(', ')}`,
  });
}
