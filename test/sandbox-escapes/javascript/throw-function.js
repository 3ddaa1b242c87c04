// attack: throwing a function
// expect: error script.error
throw () => {};
