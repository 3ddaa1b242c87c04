// attack: logging without end
// expect: stopped
// with: timeout=1500 grows=500 memory=128
while (true) Debug.info('x');
