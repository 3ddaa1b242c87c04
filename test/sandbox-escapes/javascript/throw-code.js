// attack: an error that claims a code of the host's own
// expect: error script.error
throw Object.assign(new Error('budget'), { code: 'no.such.code', details: { fatal: true }, fatal: true });
