// A budget bounds what a run may spend: calls, tokens, money, seconds. When it is used up the run ends.
//
//   llmspell run --budget-calls 3 examples/budget.js
//
// Prints three results; the fourth call crosses the budget. Ends with exit code 4.

for (let number = 1; number <= 10; number++) {
  const square = Tool.execute('calculator', { input: `${number}^2` }).result.result;
  print(`${number} squared is ${square}`);
}
