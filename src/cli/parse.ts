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
  config: {
    short: 'c',
    value: 'FILE',
    doc: 'Configuration file to use instead of the project’s own',
    complete: 'file',
  },
  profile: {
    short: 'p',
    value: 'NAME',
    complete: 'profile',
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
    form: /[,=]/,
    doc: 'Log messages to show on stderr; warn when absent. tool=debug,hook=trace is for single categories',
  },
  help: { short: 'h', doc: 'Show help' },
  version: { short: 'V', doc: 'Show the version', yields: true },
};

/** An option as it stands in a command line. */
interface Given {
  key: string;
  definition: OptionDefinition;
  /** As it was written, for messages. */
  shown: string;
  /** The value that is part of the same word. */
  inline: string | undefined;
}

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
    const given = token.startsWith('--') ? this.longOption(token) : this.shortOptions(token.slice(1));
    if (given && !this.belongsToScript(given)) for (const option of given) this.take(option);
    else this.unknownOption(token);
  }

  private belongsToScript(given: readonly Given[]): boolean {
    return this.passing && given.some(({ definition }) => definition.yields);
  }

  private longOption(token: string): Given[] | undefined {
    const [shown, inline] = splitAtEquals(token);
    const found = this.find(shown.slice(2));
    return found && [{ ...found, shown, inline }];
  }

  /** `-c FILE`, `-cFILE`, `-c=FILE`, and switches in one word: `-qA`. */
  private shortOptions(letters: string): Given[] | undefined {
    const found = this.find(letters[0]!, true);
    if (!found) return undefined;
    const [shown, rest] = [`-${letters[0]}`, letters.slice(1)];
    if (takesValue(found.definition) || rest === '' || rest.startsWith('=')) {
      return [{ ...found, shown, inline: rest === '' ? undefined : rest.replace(/^=/, '') }];
    }
    const others = this.shortOptions(rest);
    return others && [{ ...found, shown, inline: undefined }, ...others];
  }

  private take(given: Given): void {
    const value = this.valueOf(given);
    const { key, definition } = globalMeaning(given, value) ?? given;
    if (definition.choices && !definition.choices.includes(value) && !definition.form?.test(value))
      throw badChoice(key, value, definition.choices);
    if (definition.repeat) (this.options[key] ??= []).push(value);
    else this.options[key] = [value];
  }

  private valueOf({ definition, shown, inline }: Given): string {
    if (!takesValue(definition)) {
      if (inline !== undefined) throw fail('usage.invalid', `${shown} takes no value`);
      return '';
    }
    if (inline !== undefined || definition.optionalValue) return inline ?? '';
    const next = this.argv[this.at++];
    if (next === undefined) throw fail('usage.invalid', `${shown} needs a value (${definition.value})`);
    return next;
  }

  private unknownOption(token: string): void {
    if (this.passing) {
      this.script.push(token);
      return;
    }
    const shown = splitAtEquals(token)[0];
    const near = closest(shown.replace(/^--?/, ''), this.scopes().flatMap(Object.keys));
    throw fail('usage.invalid', `Unknown option ${shown}`, {
      hint: near
        ? `Did you mean --${near}?`
        : `See: llmspell ${[...this.path.map((c) => c.name), '--help'].join(' ')}`,
    });
  }

  /** The option of that name or letter: the innermost command's own first. */
  private find(name: string, letter = false): Pick<Given, 'key' | 'definition'> | undefined {
    for (const options of this.scopes()) {
      const found = Object.entries(options).find(
        ([key, { short, also }]) => (letter ? short === name : key === name) || also?.includes(name),
      );
      if (found) return { key: found[0], definition: found[1] };
    }
    return undefined;
  }

  private scopes(): OptionDefinitions[] {
    return [...this.path.map((command) => command.options ?? {}).reverse(), GLOBAL_OPTIONS];
  }

  private get command(): Command | undefined {
    return this.path.at(-1);
  }

  /** Whether what is unknown belongs to the script. */
  private get passing(): boolean {
    return this.command?.passThrough === true && this.positional.length > 0;
  }

  /** `--help` and `--version` are answered whatever else is missing or too much. */
  private get asksForText(): boolean {
    return this.options.help !== undefined || this.options.version !== undefined;
  }

  private assign(): { args: Record<string, string | undefined>; rest: string[] } {
    const definitions = this.command?.args ?? [];
    const args: Record<string, string | undefined> = {};
    const values = [...this.positional];
    for (const definition of definitions) {
      if (definition.rest) return { args, rest: this.restOf(definition, values) };
      args[definition.name] = values.shift();
      if (args[definition.name] === undefined && !definition.optional && !this.asksForText)
        throw this.missing(definition);
    }
    if (values.length > 0 && !this.asksForText) throw this.misused(`Unexpected argument '${values[0]}'`);
    return { args, rest: [] };
  }

  private restOf(definition: ArgumentDefinition, values: string[]): string[] {
    const given = values.length + this.script.length > 0;
    if (!given && !definition.optional && !this.asksForText) throw this.missing(definition);
    return values;
  }

  private missing({ name }: ArgumentDefinition): Error {
    return this.misused(`${this.line} needs ${name}`);
  }

  private misused(message: string): Error {
    return fail('usage.invalid', message, { hint: `See: ${this.line} --help` });
  }

  private get line(): string {
    return ['llmspell', ...this.path.map((each) => each.name)].join(' ');
  }
}

function takesValue(definition: OptionDefinition): boolean {
  return definition.value !== undefined || definition.optionalValue === true;
}

/**
 * Where a command has taken over the name of a global option (`config init --output FILE`), the words that only the
 * global one knows still mean that one: `--output json`.
 */
function globalMeaning({ key, shown }: Given, value: string): Pick<Given, 'key' | 'definition'> | undefined {
  const name = shown.slice(2);
  if (!shown.startsWith('--') || name === key || !Object.hasOwn(GLOBAL_OPTIONS, name)) return undefined;
  const definition = GLOBAL_OPTIONS[name]!;
  return definition.choices?.includes(value) ? { key: name, definition } : undefined;
}

function splitAtEquals(token: string): [string, string | undefined] {
  const equals = token.indexOf('=');
  return equals < 0 ? [token, undefined] : [token.slice(0, equals), token.slice(equals + 1)];
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
