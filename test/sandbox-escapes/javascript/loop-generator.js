// attack: a generator without end
// expect: stopped
// with: timeout=400
for (const x of (function* () { while (true) yield 1; })());
