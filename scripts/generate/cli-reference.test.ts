import { expect, it } from 'vitest';
import type { Command } from '../../src/cli/command.js';
import { allCommands } from '../../src/cli/command-table.js';
import { cliReference } from './cli-reference.js';

const commands = await allCommands();
const text = cliReference(commands.map((definition) => ({ file: '', definition })));

const all = (list: readonly Command[], above = ''): [string, Command][] =>
  list.flatMap((command) => {
    const name = `${above}${command.name}`;
    return [[name, command] as [string, Command], ...all(command.subcommands ?? [], `${name} `)];
  });

it.each(all(commands))('has %s with its options and examples', (name, command) => {
  expect(text).toMatch(new RegExp(`^#{2,3} ${name}$`, 'm'));
  for (const option of Object.keys(command.options ?? {})) expect(text).toContain(`--${option}`);
  for (const example of command.examples ?? []) expect(text).toContain(`\n${example}\n`);
});

it('links to sections that it has', () => {
  const sections = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => `#${match[1]!.replaceAll(' ', '-')}`);
  const links = [...text.matchAll(/\]\((#[^)]+)\)/g)].map((match) => match[1]);
  expect(links.length).toBeGreaterThan(10);
  for (const link of links) expect(sections).toContain(link);
});
