// attack: printing ten megabytes at a time without end
// expect: stopped
// with: timeout=1500 grows=500 memory=128
const text = 'x'.repeat(10000000);
while (true) print(text);
