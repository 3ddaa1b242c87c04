// attack: throwing a symbol
// expect: error script.error
throw Symbol('s');
