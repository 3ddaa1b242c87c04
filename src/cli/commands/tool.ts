import { TOOL_CATEGORIES } from '../../tools/define.js';
import { BUILT_IN_TOOLS } from '../../tools/index.generated.js';
import { type ToolEntry, Tools } from '../../tools/registry.js';
import { defineCommand, flagged, type Invocation, type OptionDefinition, option } from '../command.js';
import { printResult, type Result } from '../render/print.js';
import { GRANT_OPTIONS } from '../setup.js';

const category: OptionDefinition = {
  value: 'CATEGORY',
  doc: 'Only tools of this category, e.g. filesystem',
  complete: TOOL_CATEGORIES,
};

const format: OptionDefinition = {
  value: 'FORMAT',
  choices: ['text', 'json', 'jsonl', 'pretty'],
  doc: 'The same as --output',
};

const list = defineCommand({
  name: 'list',
  summary: 'List the tools',
  description: 'On a terminal with what they do, otherwise one name per line.',
  options: { category, format },
  examples: ['llmspell tool list', 'llmspell tool list --category utility --output json'],
  async run(invocation) {
    const { toolsOfCategory } = await import('../tool-search.js');
    const tools = toolsOfCategory(new Tools(BUILT_IN_TOOLS).list(), option(invocation, 'category'));
    const json = tools.map(({ name }) => name);
    print(invocation, json, await listing(invocation, tools, 'Available Tools'));
    return 0;
  },
});

const info = defineCommand({
  name: 'info',
  summary: 'Show what a tool does and which parameters it takes',
  args: [{ name: 'NAME', doc: 'Name or alias', complete: 'tool' }],
  options: { 'show-schema': { doc: 'Also the JSON Schema that models see' } },
  examples: ['llmspell tool info file-operations', 'llmspell tool info calculator --show-schema'],
  async run(invocation) {
    const { toolDocument, toolText } = await import('../render/tool-info.js');
    const definition = await new Tools(BUILT_IN_TOOLS).get(invocation.args.NAME!);
    const schema = flagged(invocation, 'show-schema');
    printResult(invocation, {
      json: toolDocument(definition, schema),
      text: () => toolText(definition, schema),
    });
    return 0;
  },
});

const invoke = defineCommand({
  name: 'invoke',
  summary: 'Run a tool',
  description: `Prints the tool's text; with --output json its whole result. Ends with 1 when the tool reports a failure.
A value of --param is text where the tool wants text, and otherwise JSON.`,
  args: [{ name: 'NAME', doc: 'Name or alias', complete: 'tool' }],
  options: {
    params: { value: 'JSON', doc: 'All parameters as a JSON object; - reads it from standard input' },
    param: { short: 'P', value: 'NAME=VALUE', repeat: true, doc: 'One parameter' },
    timeout: { value: 'SECONDS', doc: 'Time limit of the call instead of the tool’s own' },
    ...GRANT_OPTIONS,
  },
  examples: [
    `llmspell tool invoke calculator --params '{"input": "6 * 7"}'`,
    'llmspell tool invoke hash-calculator --param operation=hash --param input=hello',
    'llmspell tool invoke file-operations --param operation=read --param path=notes.md --allow-read=notes.md',
  ],
  run: async (invocation) => (await import('../invoke-tool.js')).invokeTool(invocation),
});

const search = defineCommand({
  name: 'search',
  summary: 'Find tools by words in their names and descriptions',
  args: [{ name: 'WORDS', doc: 'Any of them may occur; the best match comes first', rest: true }],
  options: { category, format },
  examples: ['llmspell tool search file', 'llmspell tool search json query'],
  async run(invocation) {
    const { searchTools, toolsOfCategory } = await import('../tool-search.js');
    const tools = toolsOfCategory(new Tools(BUILT_IN_TOOLS).list(), option(invocation, 'category'));
    const matches = searchTools(tools, invocation.rest);
    const query = invocation.rest.join(' ');
    if (matches.length === 0) invocation.terminal.err(`No tool matches '${query}'.\n`);
    const json = {
      query,
      matches: matches.map(({ name, description, category }) => ({ name, description, category })),
    };
    print(invocation, json, await listing(invocation, matches, `Tools matching '${query}'`));
    return 0;
  },
});

const test = defineCommand({
  name: 'test',
  summary: 'Run the sample calls of tools and check what they give',
  description:
    'Each sample gets a temporary folder of its own and may touch nothing else. Ends with 1 when one fails.',
  args: [
    {
      name: 'NAMES',
      doc: 'The tools; all of them when absent',
      rest: true,
      optional: true,
      complete: 'tool',
    },
  ],
  options: { verbose: { short: 'v', doc: 'Show what the samples gave' } },
  examples: ['llmspell tool test', 'llmspell tool test calculator json-processor --verbose'],
  run: async (invocation) => (await import('../test-tools.js')).testTools(invocation),
});

async function listing({ terminal }: Invocation, tools: readonly ToolEntry[], title: string) {
  const { toolBullets, toolRows } = await import('../render/tool-info.js');
  const names = () => tools.map(({ name }) => name).join('\n');
  return {
    text: () => (terminal.stdoutIsTTY ? toolRows(tools) : names()),
    pretty: () => toolBullets(title, tools),
  };
}

function print(invocation: Invocation, json: unknown, forms: Pick<Result, 'text' | 'pretty'>): void {
  printResult(invocation, { json, ...forms }, option(invocation, 'format') ?? option(invocation, 'output'));
}

/** `llmspell tool`: the tool library without a spell. */
export default defineCommand({
  name: 'tool',
  summary: 'List, describe, run and test tools',
  subcommands: [list, info, invoke, search, test],
});
