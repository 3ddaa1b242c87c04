// A tool written in the spell: scripts and agents of this session call it like any other, and its parameters are
// checked before it runs.
//
//   llmspell run examples/register-a-tool.js
//
// Prints the tool's result, what an agent made of it, and how a wrong call is refused.

Tool.register({
  name: 'word-count',
  description: 'Counts the words of a text',
  parameters: {
    type: 'object',
    properties: { text: { type: 'string', description: 'The text' } },
    required: ['text'],
  },
  execute: ({ text }) => ({ words: text.match(/\S+/g)?.length ?? 0 }),
});

print(Tool.execute('word-count', { text: 'to be or not to be' }).result.words);

Config.setProvider('mock', {
  script: [{ tool_calls: [{ name: 'word-count', arguments: { text: 'so it goes' } }] }, 'Three words.'],
});
const agent = Agent.builder().name('reader').model('mock/script').allowTool('word-count').build();
const answer = agent.execute({ text: "How many words has 'so it goes'?" });
print(`${answer.text} The tool said: ${answer.tool_calls[0].text.replace(/\s+/g, '')}`);

try {
  Tool.execute('word-count', { text: 5 });
} catch (error) {
  print(error.message);
}
