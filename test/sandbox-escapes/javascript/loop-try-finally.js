// attack: a loop in try and finally
// expect: stopped
// with: timeout=400
while (true) { try { while (true); } finally { while (true); } }
