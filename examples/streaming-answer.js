// The pieces of an answer as they arrive.
//
//   llmspell run examples/streaming-answer.js
//
// Prints each piece on a line of its own, then how many there were.

Config.setProvider('mock', { script: [{ chunks: ['Once ', 'upon ', 'a ', 'time.'] }] });
const teller = Agent.builder().name('teller').model('mock/script').build();

const result = teller.invokeStream({ text: 'Tell me a story.' }, (chunk) => print(`[${chunk.text}]`));
print(`${result.chunks_received} pieces: ${result.text}`);
