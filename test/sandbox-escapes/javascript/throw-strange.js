// attack: throwing something that has no text
// expect: error script.error
throw { toString() { throw { toString() { throw 'no'; } }; }, get message() { throw 1; }, get stack() { throw 2; }, get code() { throw 3; } };
