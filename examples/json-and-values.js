// What happens to values on their way: JSON text, absent and null, big integers, dates, sets, and copies.
//
//   llmspell run examples/json-and-values.js
//
// Prints each value as it comes back.

State.save('demo', 'value', { whole: 3, none: null, absent: undefined, list: [], object: {} });
print('stored: ', JSON.stringify(State.load('demo', 'value')));

State.save('demo', 'big', 9007199254740993n);
print('big:    ', State.load('demo', 'big'));

// Data is copied: what was saved does not change with the object it came from.
const settings = { theme: 'dark', sizes: [10, 12] };
State.save('demo', 'settings', settings);
settings.theme = 'light';
print('theme:  ', State.load('demo', 'settings').theme);

// A function is no data.
try {
  State.save('demo', 'f', { run: print });
} catch (error) {
  print('refused:', error.code);
}
