// attack: a loop in a getter during a crossing
// expect: stopped
// with: timeout=400
Tool.execute('calculator', { get expression() { while (true); } });
