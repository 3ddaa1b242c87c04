// attack: a loop in a proxy trap
// expect: stopped
// with: timeout=400
new Proxy({}, { get() { while (true); } }).x;
