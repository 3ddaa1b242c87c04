// attack: calls of the kernel in a loop that swallows everything
// expect: stopped
// with: timeout=400
while (true) { try { Tool.execute('calculator', { expression: '1+1' }); } catch {} }
