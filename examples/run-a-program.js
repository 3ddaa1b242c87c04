// Programs run only when they are granted. No shell reads their arguments, and whatever they leave behind is ended.
//
//   llmspell run examples/run-a-program.js --allow-run=sort,sleep
//
// Prints sorted lines, how a program that runs too long ends, and why another one does not start.

const run = (executable, args, more = {}) =>
  Tool.execute('process-executor', { executable, arguments: args, ...more }).result;

const sorted = run('sort', ['-r'], { input: 'apple\ncherry\nbanana\n' });
print(`${sorted.stdout.trim().split('\n').join(', ')}; exit code ${sorted.exit_code}`);

const slow = run('sleep', ['60'], { timeout_ms: 100 });
print(`timed out: ${slow.timed_out}`);

try {
  run('rm', ['-rf', '/']);
} catch (error) {
  print(`${error.code}: ${error.message.split(':')[0]}`);
}
