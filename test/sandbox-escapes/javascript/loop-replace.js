// attack: a replacement that loops
// expect: stopped
// with: timeout=400
'x'.replace(/x/, () => { while (true); });
