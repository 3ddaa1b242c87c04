import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse } from 'smol-toml';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, readPage } from './support/markdown.js';
import { ROOT, Workspace } from './support/workspace.js';

/** Generated pages; their examples are run where they are defined. */
const GENERATED = ['docs/reference', 'docs/tools'];
const ENDINGS: Readonly<Record<string, string>> = { lua: 'lua', javascript: 'js', typescript: 'ts' };

function pages(): string[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const all = ['README.md', 'examples/README.md', ...inDocs.map((name) => join('docs', name))];
  return all
    .filter((name) => name.endsWith('.md') && existsSync(join(ROOT, name)))
    .filter((name) => !GENERATED.some((folder) => name.startsWith(`${folder}/`)))
    .sort();
}

describe.each(pages())('%s', (name) => {
  const markdown = readFileSync(join(ROOT, name), 'utf8');
  const { setup, blocks } = readPage(markdown);
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await Workspace.open();
    const { code, stderr } = await workspace.sh(setup);
    expect(code, stderr).toBe(0);
  });
  afterAll(() => workspace?.close());

  it.each(
    blocks.filter(isTested).map((block) => [`${block.language} at line ${block.line}`, block] as const),
  )('%s', async (_title, block) => {
    const { code, stdout, stderr } = await check(workspace, block);
    expect(code, `${stdout}${stderr}`).toBe(0);
    if (block.output !== undefined) expect(stdout.trimEnd()).toBe(block.output.trimEnd());
  });

  it('leads nowhere that is not there', () => {
    expect(links(markdown).filter((link) => !existsSync(join(ROOT, dirname(name), link)))).toEqual([]);
  });
});

function isTested({ language }: Block): boolean {
  return ['lua', 'javascript', 'typescript', 'sh', 'toml', 'json'].includes(language);
}

interface Checked {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function check(workspace: Workspace, block: Block): Promise<Checked> {
  const { language, code, noRun, line } = block;
  if (language === 'json') return { code: 0, stdout: JSON.stringify(JSON.parse(code)), stderr: '' };
  if (language === 'toml' && noRun !== undefined)
    return { code: 0, stdout: JSON.stringify(parse(code)), stderr: '' };
  if (language === 'toml') {
    await workspace.write(`block-${line}.toml`, code);
    return workspace.sh(`llmspell config validate block-${line}.toml`);
  }
  if (language === 'sh') return workspace.sh(noRun === undefined ? withExitCodes(code) : parsedOnly(code));
  const file = `block-${line}.${ENDINGS[language]}`;
  await workspace.write(file, code);
  if (noRun === undefined) return workspace.sh(`llmspell run ${file}`);
  return language === 'lua'
    ? workspace.sh(`llmspell exec 'assert(loadfile("${file}"))'`)
    : { code: syntaxErrors(code).length, stdout: syntaxErrors(code).join('\n'), stderr: '' };
}

/** A block is executed if it has a line that calls llmspell. A line that fails on purpose says `# exits with 4`. */
function withExitCodes(code: string): string {
  if (!/^(\w+=\S+ )*llmspell |[|&] *llmspell /m.test(code)) return parsedOnly(code);
  return code.replace(/^(.*\S)\s+# exits with (\d+).*$/gm, '$1 || test $? -eq $2');
}

function parsedOnly(code: string): string {
  return `sh -n <<'end of block'\n${code}\nend of block\n`;
}

function syntaxErrors(code: string): string[] {
  const { diagnostics } = ts.transpileModule(code, { reportDiagnostics: true });
  return (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Relative links of a page, without their anchors. */
function links(markdown: string): string[] {
  const prose = markdown.replace(/^( *)(`{3,})[\s\S]*?^ *\2/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => relative('.', link));
}
