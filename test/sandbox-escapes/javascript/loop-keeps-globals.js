// attack: a stopped script keeps its globals
// expect: timeout
// with: timeout=400
while (true) { try { while (true); } catch {} }
