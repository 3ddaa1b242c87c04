// What follows the script on the command line reaches it as ARGS (named and positional) and arg (positional).
//
//   llmspell run examples/args.js notes/ more --topic rivers --size=3 --verbose
//
// Prints each argument. All values are text; a name without a value is "true".

print(`script:  ${ARGS[0]}`);
for (const [index, value] of arg.entries()) if (index > 0) print(`ARGS[${index}]: ${value}`);
print(`topic:   ${ARGS.topic}`);
print(`size:    ${Number(ARGS.size) + 1}`);
print(`verbose: ${ARGS.verbose}`);
print(`colour:  ${ARGS.colour ?? 'blue, because none was given'}`);
