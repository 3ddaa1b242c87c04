// attack: the same in a look-ahead
// expect: stopped
// with: timeout=400
/^(?=(a|a?)+$)/.test('a'.repeat(40) + 'b');
