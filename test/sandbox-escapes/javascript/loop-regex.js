// attack: a regular expression that backtracks for ever
// expect: stopped
// with: timeout=400
/^(a+)+$/.test('a'.repeat(40) + 'b');
