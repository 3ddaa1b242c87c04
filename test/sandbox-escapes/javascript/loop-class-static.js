// attack: a static block that loops
// expect: stopped
// with: timeout=400
class X { static { while (true); } }
