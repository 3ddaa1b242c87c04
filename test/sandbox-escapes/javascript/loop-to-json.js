// attack: a loop in toJSON
// expect: stopped
// with: timeout=400
JSON.stringify({ toJSON() { while (true); } });
