import type { Command } from './command.js';
import { COMMAND_TABLE } from './index.generated.js';

/** A command that is not loaded: what a list of commands shows. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/**
 * The commands for one command line: those whose names stand in it are loaded, of the others there is only what
 * a list shows. So no command pays for what another one imports.
 */
export function commandsFor(argv: readonly string[]): Promise<Command[]> {
  return Promise.all(
    COMMAND_TABLE.map((entry) => (argv.includes(entry.name) ? entry.load() : listed(entry))),
  );
}

/** One command, loaded; undefined if there is none of that name. */
export async function commandNamed(name: string): Promise<Command | undefined> {
  return COMMAND_TABLE.find((entry) => entry.name === name)?.load();
}

/** Every command, loaded; for completion scripts and the reference. */
export function allCommands(): Promise<Command[]> {
  return Promise.all(COMMAND_TABLE.map((entry) => entry.load()));
}

function listed({ name, summary }: CommandEntry): Command {
  return { name, summary };
}
