// What a spell counts, and what llmspell counts of it.
// Run it like this; it prints the figures.
//   llmspell run examples/metrics.js

const sizes = Metrics.histogram('text_length', { help: 'Characters of texts.', buckets: [5, 10, 20] });
for (const text of ['tea', 'rivers', 'a long sentence']) {
  Tool.execute('hash-calculator', { operation: 'hash', input: text });
  Metrics.inc('texts_total', 1, { long: text.length > 10 });
  sizes.observe(text.length);
}

for (const name of ['texts_total', 'text_length', 'llmspell_components_total']) {
  for (const { labels, value, sum } of Metrics.get(name).series) {
    print(`${name}\t${labels.long ?? labels.name ?? ''}\t${value ?? sum}`);
  }
}
