// attack: a loop in toString under print
// expect: stopped
// with: timeout=400
print({ toString() { while (true); } } + '');
