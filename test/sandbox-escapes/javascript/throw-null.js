// attack: throwing null
// expect: error script.error
throw null;
