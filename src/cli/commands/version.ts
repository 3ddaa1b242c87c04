import { VERSION } from '../../core/version.js';
import { type BuildCommit, buildCommit } from '../build.js';
import { defineCommand, flagged, type Invocation } from '../command.js';
import { printResult, type Result } from '../render/print.js';

const ENGINES = { lua: 'Lua 5.4', javascript: 'QuickJS' };

/** `llmspell version`, also --version and -V. */
export default defineCommand({
  name: 'version',
  summary: 'Show the version',
  options: {
    short: { doc: 'Only the number' },
    verbose: { short: 'v', doc: 'Also the build, the platform and the script engines' },
    client: { doc: 'The version of this client, in the form of kubectl' },
  },
  examples: ['llmspell version', 'llmspell version --verbose', 'llmspell --version'],
  async run(invocation) {
    printResult(invocation, view(invocation));
    return 0;
  },
});

function view(invocation: Invocation): Result {
  const commit = buildCommit();
  if (flagged(invocation, 'client')) return clientView(commit);
  if (flagged(invocation, 'short')) return { json: { version: VERSION }, text: () => VERSION };
  return {
    json: { version: VERSION, git: git(commit), runtime: runtime(), engines: ENGINES },
    text: () => `llmspell ${VERSION}\n${flagged(invocation, 'verbose') ? details(commit) : ''}`,
  };
}

function clientView(commit: BuildCommit | undefined): Result {
  const { platform, arch } = process;
  const clientVersion = {
    version: VERSION,
    gitCommit: commit?.commit ?? null,
    gitTreeState: commit ? (commit.dirty ? 'dirty' : 'clean') : null,
    buildDate: commit?.date ?? null,
    platform: `${platform}/${arch}`,
  };
  return { json: { clientVersion }, text: () => `Client Version: ${VERSION}` };
}

function git(commit: BuildCommit | undefined): object | null {
  if (!commit) return null;
  return {
    commit: commit.commit,
    commit_short: commit.commit.slice(0, 7),
    commit_date: commit.date,
    branch: commit.branch,
    dirty: commit.dirty,
  };
}

function runtime() {
  const { platform, arch, version } = process;
  return { node: version.slice(1), platform, arch };
}

function details(commit: BuildCommit | undefined): string {
  const { node, platform, arch } = runtime();
  const rows = [
    ...(commit ? commitRows(commit) : []),
    ['node', node],
    ['platform', `${platform}-${arch}`],
    ['engines', Object.values(ENGINES).join(', ')],
  ];
  return rows.map(([key, value]) => `${key}: ${value}\n`).join('');
}

function commitRows({ commit, date, branch, dirty }: BuildCommit): string[][] {
  return [
    ['commit-hash', commit],
    ['commit-date', date],
    ['branch', branch],
    ['working-tree', dirty ? 'modified' : 'clean'],
  ];
}
