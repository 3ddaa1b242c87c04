// attack: a comparator that loops
// expect: stopped
// with: timeout=400
[3, 2, 1].sort(() => { while (true); });
