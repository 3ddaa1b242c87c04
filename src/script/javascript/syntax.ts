/** What needs a whole parser; loaded together, and only when a source calls for it. */
export { columnOfMistake, endsEarly, redeclarable } from './repl-source.js';
export { stripTypes } from './typescript.js';
