// attack: throwing undefined
// expect: error script.error
throw undefined;
