-- attack: template engines reach the constructor of a value
-- expect: value true
local templates = {
  "{{#with \"s\" as |string|}}{{#with (lookup string \"constructor\")}}{{this}}{{/with}}{{/with}}",
  "{{ ''.constructor.constructor('return process.env')() }}",
  "{{ range.constructor('return process')().env }}",
  "{{ self.__init__.__globals__ }}", "{{lookup this 'constructor'}}",
}
for _, engine in ipairs { "tera", "handlebars" } do
  for _, template in ipairs(templates) do
    local ok, result = pcall(Tool.execute, "template-creator", { template = template, engine = engine, context = { a = 1 } })
    local text = ok and JSON.stringify(result) or ""
    if text:find("native code", 1, true) or text:find("SECRET_KEY", 1, true) then return template end
  end
end
return true
