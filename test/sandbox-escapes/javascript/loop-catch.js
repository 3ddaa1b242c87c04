// attack: a loop that swallows the interrupt
// expect: stopped
// with: timeout=400
while (true) { try { while (true); } catch {} }
