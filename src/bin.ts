/** The `llmspell` program. */
import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import { main } from './cli/main.js';
import { processTerminal } from './cli/terminal.js';

void main(process.argv.slice(2), processTerminal(isatty, homedir())).then((code) => {
  process.exitCode = code;
});
