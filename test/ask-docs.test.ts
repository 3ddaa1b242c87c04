import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractAnswer } from '../src/providers/extract/answer.js';
import { numbered } from '../src/providers/extract/documents.js';
import { ROOT } from './support/workspace.js';

/** The project's own documents, as `examples/ask-docs.lua` reads them. */
const documents = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
  .sort()
  .map((path) => numbered(path, readFileSync(join(ROOT, path), 'utf8')));

describe('questions about the documentation', () => {
  it.each<[string, RegExp, string]>([
    ['How do I grant a spell access to a host?', /--allow-net/, 'docs/getting-started.md'],
    ['What is llmspell?', /^llmspell is a runtime for spells\.$/m, 'docs/README.md'],
    ['What is a spell?', /^A spell is a short script/m, 'docs/README.md'],
    ['Where is state kept?', /kept on disk/, 'docs/state.md'],
    ['How do I use OpenAI?', /set `OPENAI_API_KEY`/, 'docs/getting-started.md'],
    ['Which environment variable holds the OpenAI key?', /`OPENAI_API_KEY`/, 'docs/configuration.md'],
    ['What happens when a permission is refused?', /raises an error with the code/, 'docs/security.md'],
    ['How can I limit the memory of an agent?', /max_memory_mb/, 'docs/agents.md'],
    ['How do I write a tool in a spell?', /Tool\.register\(/, 'docs/getting-started.md'],
    ['What does offline/extract do?', /Answers by quoting/, 'docs/providers.md'],
    ['Can an agent call tools?', /allowed_tools/, 'docs/agents.md'],
    ['What is the default timeout of a script?', /300 seconds/, 'docs/spells/limits.md'],
    ['How do I get a structured answer from an agent?', /response_schema/, 'docs/agents.md'],
    ['Which providers are supported?', /Anthropic/, 'docs/getting-started.md'],
    ['How do I use a local model with Ollama?', /`ollama\/llama3\.2`/, 'docs/getting-started.md'],
    ['What is the difference between sequential and parallel routing?', /parallel/, 'docs/agents.md'],
    ['Why are loopback addresses refused?', /need a grant of their own/, 'docs/security.md'],
    ['What happens to a redirect?', /checked like a new request/, 'docs/security.md'],
    ['How do I test a spell without a model?', /script = \{/, 'docs/getting-started.md'],
    ['Which exit code has a run whose budget is used up?', /exit code 4/, 'docs/spells/limits.md'],
  ])('%s', (question, answer, path) => {
    const { kind, quotes } = extractAnswer(question, documents);
    expect(kind).toBe('answer');
    expect(quotes.map(({ text }) => text).join('\n')).toMatch(answer);
    expect(quotes.map(({ citation }) => citation.replace(/:\d+$/, ''))).toContain(path);
  });

  it('does not invent an answer', () => {
    expect(extractAnswer('What do penguins eat in winter?', documents).kind).toBe('nothing');
  });
});
