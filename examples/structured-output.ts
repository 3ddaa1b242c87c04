// An answer that has to fit a schema. The first answer of this scripted model does not; it is told what is wrong and
// answers again.
//
//   llmspell run examples/structured-output.ts
//
// Prints the fields of the decoded answer.

interface City {
  city: string;
  inhabitants: number;
}

Config.setProvider('mock', {
  script: ['{"city": "Oslo"}', '{"city": "Oslo", "inhabitants": 717710}'],
});

const agent = Agent.builder()
  .name('geographer')
  .model('mock/script')
  .responseSchema({
    type: 'object',
    properties: { city: { type: 'string' }, inhabitants: { type: 'integer' } },
    required: ['city', 'inhabitants'],
  })
  .build();

const { city, inhabitants } = agent.execute({ text: 'Which is the capital of Norway?' }).data as City;
print(`${city} has ${inhabitants} inhabitants.`);
