/**
 * What the thread does with a Handlebars template: `{ path, template, context }` in, `{ rendered }` or
 * `{ stage, message }` out. Strict: a missing field is an error. Own properties only, no partials, no `log`.
 */
export const HANDLEBARS_SOURCE = `
const Handlebars = require(data.path).create();
Handlebars.unregisterHelper('log');
Handlebars.registerHelper('uppercase', (value) => String(value).toUpperCase());
Handlebars.registerHelper('lowercase', (value) => String(value).toLowerCase());
let render;
try {
  Handlebars.parse(data.template);
  render = Handlebars.compile(data.template, { strict: true });
} catch (error) {
  return { stage: 'syntax', message: error.message };
}
try {
  const rendered = render(data.context, {
    allowProtoPropertiesByDefault: false,
    allowProtoMethodsByDefault: false,
  });
  return { rendered };
} catch (error) {
  return { stage: 'render', message: error.message };
}`;
