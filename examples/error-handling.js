// What fails throws an Error with a message, a code and, where there is one, a hint.
//
//   llmspell run examples/error-handling.js
//
// Prints how three calls fail. None of them ends the spell.

function attempt(what, call) {
  try {
    call();
    print(`${what}: no error`);
  } catch (error) {
    print(`${what}: ${error.message}`);
    print(`  code: ${error.code}`);
  }
}

const files = (params) => Tool.execute('file-operations', params);

attempt('a tool that is not there', () => Tool.execute('crystal-ball', {}));
attempt('a wrong parameter', () => files({ operation: 'tidy', path: '.' }));
attempt('a file that is not granted', () => files({ operation: 'read', path: '/etc/passwd' }));

// A tool that worked without success says so in its result instead of throwing.
Tool.register({
  name: 'lottery',
  description: 'Draws a lot',
  execute: () => ({ success: false, error: 'no luck today' }),
});
const draw = Tool.execute('lottery');
print(`a lot without luck: success is ${draw.success}, error is '${draw.error}'`);
