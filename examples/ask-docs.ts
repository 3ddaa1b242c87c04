// Answers a question about a folder of Markdown documents, and says in which file and line the answer stands.
//
//   llmspell run examples/ask-docs.ts docs "How do I grant a spell access to a host?"
//   llmspell run examples/ask-docs.ts docs "What is a spell?" --model openai/gpt-4o-mini --allow-net=api.openai.com
//   llmspell run examples/ask-docs.ts --history
//
// Without --model nothing but this machine is needed: offline/extract quotes the documents. The answer is printed;
// how much was read, and how long it took, goes to stderr.

interface Entry {
  name: string;
  type: 'file' | 'directory' | 'symlink';
}

interface SourceText {
  block: string;
  size: number;
}

const folder: string = ARGS[1] ?? 'docs';
const question: string = arg.length > 2 ? arg.slice(2).join(' ') : 'What is llmspell?';
const asked = (State.load('ask-docs', 'questions') ?? []) as string[];

function markdownFiles(directory: string): string[] {
  const listing = Tool.execute('file-operations', { operation: 'list_dir', path: directory });
  return (listing.result.entries as Entry[]).flatMap(({ name, type }) => {
    if (type === 'directory') return markdownFiles(`${directory}/${name}`);
    return name.endsWith('.md') ? [`${directory}/${name}`] : [];
  });
}

function readDocument(path: string): SourceText {
  const { content, size } = Tool.execute('file-operations', { operation: 'read', path }).result;
  return { block: `<document path="${path}">\n${content}\n</document>`, size };
}

function answer(): void {
  const timer = Debug.timer('ask-docs');
  const documents = markdownFiles(folder).map(readDocument);
  if (documents.length === 0) throw new Error(`There are no Markdown files in ${folder}`);

  const reader = Agent.builder()
    .name('reader')
    .model(ARGS.model ?? 'offline/extract')
    .systemPrompt('Answer from the documents only. Cite every statement as [path:line].')
    .build();
  print(reader.execute({ text: [question, ...documents.map(({ block }) => block)].join('\n\n') }).text);

  State.save('ask-docs', 'questions', [...asked, question].slice(-10));
  const bytes = documents.reduce((sum, { size }) => sum + size, 0);
  console.error(`${documents.length} files, ${bytes} bytes, ${timer.stop().toFixed(0)} ms`);
}

if (ARGS.history) for (const [index, earlier] of asked.entries()) print(`${index + 1}. ${earlier}`);
else answer();
