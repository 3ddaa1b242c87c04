// attack: a loop
// expect: stopped
// with: timeout=400
while (true);
