import { describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { toolComponent } from '../component.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import templateCreator from './template-creator.js';

const fill = async (input: string, context: JsonObject = {}, engine?: string) =>
  (await callTool(templateCreator, { input, context, ...(engine && { engine }) })).result as JsonObject;

describe('template-creator', () => {
  itRunsItsSamples(templateCreator);

  it.each<[string, JsonObject, string]>([
    ['Hello {{ name }}!', { name: 'Bo' }, 'Hello Bo!'],
    ['{% for x in xs %}{{ loop.index }}:{{ x }} {% endfor %}', { xs: ['a', 'b'] }, '1:a 2:b '],
    ['{% if ok %}yes{% elif maybe %}perhaps{% else %}no{% endif %}', { ok: false }, 'no'],
    ['{{ user.address.city }}', { user: { address: { city: 'X' } } }, 'X'],
    ['{% for k, v in m %}{{ k }}={{ v }};{% endfor %}', { m: { a: 1, b: 2 } }, 'a=1;b=2;'],
    ['{{ x | default(value="d") }}-{{ x | default("e") }}', {}, 'd-e'],
    ['{{ xs | join(sep="+") }} {{ xs | length }}', { xs: [1, 2] }, '1+2 2'],
    ['{{ s | replace(from="a", to="b") | upper }}', { s: 'aa' }, 'BB'],
    ['{% for i in range(end=3) %}{{ i }}{% endfor %}{{ range(1, 4) | join }}', {}, '012123'],
    ['{{ o | json_encode() }}', { o: { a: ['<'] } }, '{"a":["\\u003c"]}'],
    ['{{ html }}{{ html | safe }}', { html: '<b>' }, '&lt;b&gt;<b>'],
    ['{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m("1") }}', {}, '[1]'],
    ['{% set n = 2 %}{{ n * 3 }} {{ "a,b".split(",") | last }}', {}, '6 b'],
    ['{% raw %}{{ name }}{% endraw %}{# note #}', {}, '{{ name }}'],
    ['{{ constructor }} {{ prototype.x }}', { constructor: 'own', prototype: { x: 1 } }, 'own 1'],
    ['{{ 3.14159 | round(precision=2) }} {{ 1.2 | round(method="ceil") }}', {}, '3.14 2'],
    [
      '{{ ns | slice(start=1, end=3) | join }} {{ ns | unique | join }} {{ ns | nth(n=0) }}',
      { ns: [3, 1, 2, 3] },
      '12 312 3',
    ],
    [
      '{{ xs | filter(attribute="k", value=1) | map(attribute="n") | join(sep=",") }}',
      {
        xs: [
          { n: 'a', k: 1 },
          { n: 'b', k: 2 },
        ],
      },
      'a',
    ],
    [
      '{% for k, v in xs | group_by(attribute="k") %}{{ k }}:{{ v | length }};{% endfor %}',
      { xs: [{ k: 'x' }, { k: '__proto__' }, { k: 'x' }] },
      'x:2;__proto__:1;',
    ],
    [
      '{{ d | date }} {{ t | date(format="%H:%M %e %b") }}',
      { d: '2024-03-05T06:07:08Z', t: 0 },
      '2024-03-05 00:00  1 Jan',
    ],
    [
      '{{ n | filesizeformat }} item{{ n | pluralize }} {{ "abcdef" | truncate(length=3) }}',
      { n: 123456789 },
      '117.74 MB items abc…',
    ],
    ['{% if s is starting_with("a") and s is containing("b") %}y{% endif %}', { s: 'abc' }, 'y'],
    ['{{ o | get(key="a") }}{{ o | get(key="constructor", default="none") }}', { o: { a: 1 } }, '1none'],
    ['no tags', {}, 'no tags'],
  ])('fills the Tera template %s', async (input, context, rendered) => {
    expect(await fill(input, context)).toMatchObject({ rendered, engine: 'tera' });
  });

  it.each<[string, JsonObject, string]>([
    ['{{#if condition}}Yes{{/if}}', { condition: true }, 'Yes'],
    ['{{#each xs}}{{@index}}{{this}} {{/each}}', { xs: ['a', 'b'] }, '0a 1b '],
    ['{{#with user}}{{name}}{{/with}}', { user: { name: 'A&B' } }, 'A&amp;B'],
    ['{{#unless no}}on{{/unless}}', { no: false }, 'on'],
  ])('fills the Handlebars template %s', async (input, context, rendered) => {
    expect(await fill(input, context)).toMatchObject({ rendered, engine: 'handlebars' });
  });

  it('has helpers in Handlebars', async () => {
    const context = { name: 'Alice', city: 'Wonderland' };
    const { rendered } = await fill('{{uppercase name}} - {{lowercase city}}', context, 'HBS');
    expect(rendered).toBe('ALICE - wonderland');
  });

  it('uses Tera without detection, and reports sizes', async () => {
    const call = callTool(templateCreator, { template: '{{ a }}', data: { a: 1 }, auto_detect: false });
    await expect(call).resolves.toMatchObject({
      text: '1',
      operation: 'render_template',
      result: { engine: 'tera', template_length: 7, context_size: 7 },
    });
  });

  it.each([
    '{{ "".constructor.constructor("return process")() }}',
    '{{ ""["const" ~ "ructor"]["constructor"]("return process")() }}',
    '{{ constructor.constructor("return process")() }}',
    '{{ range.constructor("return process")() }}',
    '{{ cycler("a").next.constructor("return process")() }}',
    '{{ [].map.constructor("return process")() }}',
    '{{ [].concat.call }}',
    '{{ toString() }}',
    '{{ hasOwnProperty("x") }}',
    '{{ loop.constructor }}',
    '{% for x in [1] %}{{ loop.constructor("return process")() }}{% endfor %}',
    '{{ "x" | constructor }}',
    '{{ "x" | valueOf }}',
    '{{ [""] | map(attribute="constructor.constructor") | first }}',
    '{{ ([1] | nth(n="constructor")).constructor("return process")() }}',
    '{{ ({} | get(key="__proto__")).polluted.x }}',
    '{{ x["prototype"] }}',
    '{{ process.env.HOME }}',
    '{{ require("fs") }}',
    '{{ a";throw globalThis;" }}',
    '{% set a`b = 1 %}',
    '{% block a";b %}{% endblock %}',
    '{{ r/(a+)+$/.constructor }}',
    "{{ get_env(name='SECRET_KEY') }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ __import__('os').system('id') }}",
    "{{ system('rm -rf /') }}",
    "{% include '/etc/passwd' %}",
    "{% extends '/etc/passwd' %}",
    "{% import '/etc/passwd' as p %}",
    '{{#with "s" as |s|}}{{#with (lookup s "constructor") as |c|}}{{c.name}}{{/with}}{{/with}}{{{nothing}}}',
    '{{#each this}}{{/each}}{{__proto__.x}}',
    '{{> /etc/passwd}}',
    '{{#with this}}{{log "x"}}{{/with}}',
    '{{#if 1}}{{constructor.name}}{{/if}}',
  ])('gives nothing away to %s', async (input) => {
    await expect(fill(input)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:input\.invalid|tool\.failed)$/),
    });
  });

  it.each([
    ["{{ system('rm -rf /') }}", 'dangerous pattern'],
    ['{{ name', 'Invalid Tera template'],
    ['{{#if x}}', 'Invalid Handlebars template'],
    ['{{ missing }}', "('missing')"],
    ['{{ range(10**10) }}', 'range is longer'],
    ['x'.repeat(1024 * 1024 + 1), 'exceeds maximum'],
  ])('refuses %.30s', async (input, message) => {
    await expect(fill(input)).rejects.toThrow(message);
  });

  it('does not mistake text or fields for injection', async () => {
    const { rendered } = await fill('Call eval(x) on the system {{ system }}', { system: 'S' });
    expect(rendered).toBe('Call eval(x) on the system S');
  });

  it('refuses contexts that are too large and engines that do not exist', async () => {
    await expect(fill('x', { a: 'y'.repeat(11 * 1024 * 1024) })).rejects.toMatchObject({
      code: 'value.too_large',
    });
    await expect(fill('x', {}, 'mustache')).rejects.toThrow('Unknown template engine');
    await expect(callTool(templateCreator, {})).rejects.toThrow("Missing required parameter 'input'");
  });

  it('ends templates that never would', async () => {
    const endless =
      '{% for i in range(1000000) %}{% for j in range(1000000) %}{{ i }}{% endfor %}{% endfor %}';
    const code = expect.stringMatching(/component\.timeout|limit\.memory|tool\.failed/);
    await expect(fill(endless)).rejects.toMatchObject({ code });
  });

  it('ends at once when the call is cancelled', async () => {
    const controller = new AbortController();
    const { context } = testContext({ signal: controller.signal });
    const input = '{% for i in range(1000000) %}{% for j in range(1000000) %}{% endfor %}{% endfor %}';
    const call = invoke(toolComponent(templateCreator), { input }, context);
    setTimeout(() => controller.abort(), 50);
    await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
  });
});
