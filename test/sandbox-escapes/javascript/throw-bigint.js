// attack: throwing a big integer
// expect: error script.error
throw 10n;
