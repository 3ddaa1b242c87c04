/** One line of a script's call stack. */
export interface StackFrame {
  name: string;
  source: string;
  line: number;
  column: number;
  what: 'script' | 'native';
}

/** File names of our own code inside the virtual machine begin with this. */
export const PRELUDE = 'llmspell:';

/** Modules that are loaded anew get a number behind their name, which no reader needs to see. */
const GENERATION = /\?\d+(?=:\d+)/g;
const FRAME = /^\s*at (?:(.+?) \()?(.*?)(?::(\d+):(\d+))?\)?$/;

/** The stack's text without the prelude's own frames; undefined when nothing is left. */
export function cleanStack(stack: string): string | undefined {
  const lines = stack.split('\n').filter((line) => line.trim() !== '' && !line.includes(`(${PRELUDE}`));
  while (lines.at(-1)?.endsWith('(native)')) lines.pop();
  return lines.length > 0 ? lines.join('\n').replace(GENERATION, '') : undefined;
}

/** The frames of a stack's text, innermost first, without the prelude's own. */
export function parseFrames(stack: string): StackFrame[] {
  return (cleanStack(stack) ?? '').split('\n').filter(Boolean).map(parseFrame);
}

/** Where a syntax error is, if that is all its stack says. */
export function syntaxPosition(stack: string): { file: string; line: number; column: number } | undefined {
  const match = /^\s*at ([^()\n]+):(\d+):(\d+)\s*$/.exec(stack.replace(GENERATION, ''));
  return match ? { file: match[1]!, line: Number(match[2]), column: Number(match[3]) } : undefined;
}

function parseFrame(text: string): StackFrame {
  const [, name, source, line, column] = FRAME.exec(text) ?? [];
  return {
    name: name === undefined || name === '<eval>' ? 'main' : name,
    source: source ?? '?',
    line: Number(line ?? 0),
    column: Number(column ?? 0),
    what: line === undefined ? 'native' : 'script',
  };
}
