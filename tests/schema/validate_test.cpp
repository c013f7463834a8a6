#include <cogbuild/schema/openapi.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace cogbuild::schema {

namespace {

using nlohmann::json;

InputType of(Primitive primitive) {
  return {.kind = InputType::Kind::primitive, .primitive = primitive, .of = {}, .nullable = false};
}
InputType list_of(Primitive primitive) {
  return {.kind = InputType::Kind::array,
          .primitive = Primitive::any,
          .of = {of(primitive)},
          .nullable = false};
}
Literal text(const char* literal) { return Literal{std::string(literal)}; }
Literal number(std::int64_t literal) { return Literal{literal}; }

Input input(const char* name, InputType type, std::optional<Literal> default_value) {
  Input made;
  made.name = name;
  made.type = std::move(type);
  made.default_value = std::move(default_value);
  made.location = {.file = "run.py",
                   .line = 3,
                   .column = 9,
                   .line_text = std::string("        ") + name + ": T = …"};
  return made;
}
Signature signature(std::vector<Input> inputs) {
  Signature made;
  made.file = "run.py";
  made.inputs = std::move(inputs);
  made.output = {.kind = OutputType::Kind::primitive,
                 .primitive = Primitive::string,
                 .of = {},
                 .fields = {},
                 .nullable = false};
  return made;
}

// What is said of one input, without the location and the quoted line.
std::string said(const Input& one) {
  const auto of_one = signature({one});
  const auto done = validate_openapi(openapi_document(of_one, "0.22.0"), "schema.json", &of_one);
  if (done) return "valid";
  CHECK(done.error().location() == one.location);
  return done.error().message() +
         (done.error().hints().empty() ? "" : " | " + done.error().hints()[0]);
}

json document() {
  auto made =
      json::parse(openapi_document(signature({input("steps", of(Primitive::integer), {})}), "1"));
  return made;
}
std::string said_of(const json& made) {
  const auto done = validate_openapi(made.dump(), "schema.json");
  return done ? "valid" : render(done.error());
}

}  // namespace

TEST_CASE("validate_openapi: a default outside of its own limits stands at its input") {
  Input steps = input("steps", of(Primitive::integer), number(0));
  steps.minimum = 1;
  steps.maximum = 50;
  CHECK(said(steps) ==
        "the default of `steps` is 0, below the minimum of 1 | choose a default between "
        "`ge` and `le`, or move the limit that is too narrow");
  steps.default_value = Literal{50.5};
  CHECK(said(steps) ==
        "the default of `steps` is 50.5, not an integer | write a default of the "
        "annotated type, or change the annotation");
  steps.default_value = Literal{51.0};
  CHECK(said(steps).starts_with("the default of `steps` is 51, above the maximum of 50"));
  steps.default_value = Literal{50.0};
  CHECK(said(steps) == "valid");
  steps.default_value = Literal{true};
  CHECK(said(steps).starts_with("the default of `steps` is true, not an integer"));

  Input prompt = input("prompt", of(Primitive::string), text("\xC3\xA9t\xC3\xA9"));
  prompt.min_length = 4;
  CHECK(said(prompt).starts_with("the default of `prompt` has 3 characters, fewer than 4 | "));
  prompt.min_length = 3;
  prompt.max_length = 3;
  CHECK(said(prompt) == "valid");
  prompt.max_length = 2;
  CHECK(said(prompt).starts_with("the default of `prompt` has 3 characters, more than 2 | "));
}

TEST_CASE("validate_openapi: a default is one of the choices") {
  Input ink = input("ink", of(Primitive::string), text("red"));
  ink.choices = {text("sepia"), text("cyan")};
  CHECK(said(ink) ==
        "the default of `ink` is \"red\", which is none of the choices | the choices are "
        "\"sepia\", \"cyan\"");
  ink.default_value = text("cyan");
  CHECK(said(ink) == "valid");
  Input scale = input("scale", of(Primitive::number), number(2));
  scale.choices = {Literal{1.0}, Literal{2.0}};
  CHECK(said(scale) == "valid");
  Input tags = input("tags", list_of(Primitive::string), Literal{Literal::List{text("a")}});
  tags.choices = {text("a")};
  CHECK(said(tags) ==
        "the default of `tags` is [\"a\"], and the choices are taken as those of the whole "
        "value | a schema has no choices for the items of a list: check them in the code");
}

TEST_CASE("validate_openapi: a default is of its type") {
  CHECK(said(input("a", of(Primitive::any), text("x")))
            .starts_with("the default of `a` is \"x\", not an object"));
  CHECK(said(input("a", of(Primitive::any), Literal{Literal::Pairs{}})) == "valid");
  CHECK(said(input("a", of(Primitive::number), number(1))) == "valid");
  CHECK(said(input("a", list_of(Primitive::integer), Literal{Literal::List{number(1), text("b")}}))
            .starts_with("the default of `a` has an item that is \"b\", not an integer"));
  const InputType either{.kind = InputType::Kind::one_of,
                         .primitive = Primitive::any,
                         .of = {of(Primitive::string), of(Primitive::integer)},
                         .nullable = false};
  CHECK(said(input("a", either, number(1))) == "valid");
  CHECK(said(input("a", either, Literal{1.5}))
            .starts_with("the default of `a` is 1.5, which fits none of the types"));
  CHECK(said(input("a", of(Primitive::integer), text(std::string(100, 'x').c_str())))
            .starts_with("the default of `a` is \"" + std::string(39, 'x') + "…, not an integer"));
}

TEST_CASE("validate_openapi: patterns are RE2 in Go's dialect") {
  const auto of_pattern = [](const char* pattern, const char* value) {
    Input name = input("name", of(Primitive::string), text(value));
    name.pattern = pattern;
    return said(name);
  };
  CHECK(of_pattern("^(?!x)", "a") ==
        "the pattern `^(?!x)` of `name` is not RE2: invalid perl operator: (?! | patterns are RE2: "
        "no "
        "look-around and no backreferences; check such texts in the code");
  CHECK(of_pattern("(a)\\1", "a").find("is not RE2: invalid escape sequence: \\1") !=
        std::string::npos);
  CHECK(of_pattern("[a", "a").find("is not RE2: missing ]: [a") != std::string::npos);
  CHECK(of_pattern("^[0-9]+$", "a") ==
        "the default of `name` is \"a\", which does not match the pattern "
        "`^[0-9]+$` | choose a default that matches, or change the pattern");
  for (const char* pattern :
       {"b", "^[a-z]+$", "(?P<n>b)", "(?<n>b)", "\\x{62}", "\\u0062", "(?i)B", "[[:alpha:]]"})
    CHECK(of_pattern(pattern, "abc") == "valid");
  Input list = input("names", list_of(Primitive::string), {});
  list.pattern = "(?!x)";  // of a list it is never compiled
  CHECK(said(list) == "valid");
}

TEST_CASE("validate_openapi: an input with choices needs a name that a component can have") {
  Input size = input(
      "gr\xC3\xB6\xC3\x9F"
      "e",
      of(Primitive::integer), number(1));
  CHECK(said(size) == "valid");
  size.choices = {number(1)};
  CHECK(said(size) ==
        "`gr\xC3\xB6\xC3\x9F"
        "e` cannot name a component: only ASCII letters, digits, `.`, `_` and "
        "`-` can | an input with choices is a component: give it an ASCII name");
}

TEST_CASE("validate_openapi: every fault is told") {
  Input low = input("low", of(Primitive::integer), number(0));
  low.minimum = 1;
  Input high = input("high", of(Primitive::integer), number(9));
  high.maximum = 5;
  const auto both = signature({low, high});
  const auto done = validate_openapi(openapi_document(both, "1"), "schema.json", &both);
  REQUIRE_FALSE(done.has_value());
  CHECK(render(done.error()) ==
        "run.py:3:9: error: the default of `high` is 9, above the maximum of 5\n"
        "  3 |         high: T = …\n"
        "    |         ^\n"
        "hint: choose a default between `ge` and `le`, or move the limit that is too narrow\n"
        "run.py:3:9: error: the default of `low` is 0, below the minimum of 1\n"
        "  3 |         low: T = …\n"
        "    |         ^\n"
        "hint: choose a default between `ge` and `le`, or move the limit that is too narrow\n");
}

TEST_CASE("validate_openapi: a document is held to OpenAPI 3.0") {
  struct Row {
    const char* pointer = "";
    json value{};  // discarded: the member is taken away
    const char* message = "";
  };
  const json gone = json(json::value_t::discarded);
  const Row rows[] = {
      {"/openapi", "2.0", "`#/openapi` is `2.0`, not a version of OpenAPI 3"},
      {"/openapi", "", "`#/openapi` is missing"},
      {"/openapi", 3, "`#/openapi` is not a string"},
      {"/info/title", gone, "`#/info/title` is missing"},
      {"/info", gone, "`#/info` is missing"},
      {"/paths", gone, "`#/paths` is missing"},
      {"/paths", json::array(), "`#/paths` is not an object"},
      {"/swagger", "2.0", "`#/swagger` is no field of a document in OpenAPI 3.0"},
      {"/x-more", 1, nullptr},
      {"/info/contact", nullptr, nullptr},
      {"/components/schemas/Input/propertees", 1,
       "`#/components/schemas/Input/propertees` is no field of a schema in OpenAPI 3.0"},
      {"/components/schemas/Input/type", "obj",
       "`#/components/schemas/Input/type` is `\"obj\"`, which is no type"},
      {"/components/schemas/Input/type", "array",
       "`#/components/schemas/Input/items` is missing, and the type is `array`"},
      {"/components/schemas/Input/required", json::array({"steps", "steps"}),
       "`#/components/schemas/Input/required` has `\"steps\"` twice"},
      {"/components/schemas/Input/properties/steps/maximum", "9",
       "`#/components/schemas/Input/properties/steps/maximum` is not a number"},
      {"/components/schemas/Input/properties/steps/minLength", -1,
       "`#/components/schemas/Input/properties/steps/minLength` is not a whole number of 0 or "
       "more"},
      {"/components/schemas/Input/properties/steps/default", "x",
       "the default of `#/components/schemas/Input/properties/steps` is \"x\", not an integer"},
      {"/components/schemas/Input/properties/steps/example", "x",
       "the example of `#/components/schemas/Input/properties/steps` is \"x\", not an integer"},
      {"/components/schemas/Input/properties/steps",
       {{"$ref", "#/components/schemas/Nope"}},
       "`#/components/schemas/Input/properties/steps` refers to `#/components/schemas/Nope`, which "
       "is not there"},
      {"/components/schemas/Input/properties/steps",
       {{"$ref", "other.json"}},
       "`#/components/schemas/Input/properties/steps` refers to `other.json`, outside of the "
       "document"},
      {"/components/schemas/Input/properties/steps",
       {{"$ref", "#/components/schemas/Status"}, {"title", "x"}},
       "`#/components/schemas/Input/properties/steps/title` stands beside a reference, where "
       "nothing may"},
      {"/components/schemas/Input/properties/steps",
       {{"$ref", "#/components/schemas/Status"}, {"x-order", 1}},
       nullptr},
      {"/components/schemas/a b",
       {{"type", "string"}},
       "`#/components/schemas/a b` cannot name a component: only ASCII letters, digits, `.`, `_` "
       "and `-` can"},
      {"/paths/predictions", json::object(), "`#/paths/predictions` does not begin with a slash"},
      {"/paths/~1predictions/post/responses", gone,
       "`#/paths/~1predictions/post/responses` is missing"},
      {"/paths/~1predictions/post/responses", json::object(),
       "`#/paths/~1predictions/post/responses` is empty"},
      {"/paths/~1predictions/post/responses/200/description", gone,
       "`#/paths/~1predictions/post/responses/200/description` is missing"},
      {"/paths/~1predictions/post/operationId", "root__get",
       "`#/paths/~1predictions/post` has the operationId `root__get` of `#/paths/~1/get`"},
      {"/paths/~1predictions~1{prediction_id}~1cancel/post/parameters", gone,
       "`#/paths/~1predictions~1{prediction_id}~1cancel/post` does not declare the path's "
       "parameter `prediction_id`"},
      {"/paths/~1predictions~1{prediction_id}~1cancel/post/parameters/0/required", false,
       "`#/paths/~1predictions~1{prediction_id}~1cancel/post/parameters/0` is part of the path and "
       "must be required"},
      {"/paths/~1predictions~1{prediction_id}~1cancel/post/parameters/0/schema", gone,
       "`#/paths/~1predictions~1{prediction_id}~1cancel/post/parameters/0` needs either a schema "
       "or content"},
      {"/paths/~1predictions~1{x}~1cancel", json::object(),
       "`#/paths/~1predictions~1{x}~1cancel` is the same path as "
       "`/predictions/{prediction_id}/cancel`"},
  };
  for (const auto& [pointer, value, message] : rows) {
    json made = document();
    const json::json_pointer at{std::string(pointer)};
    if (value.is_discarded())
      made[at.parent_pointer()].erase(at.back());
    else
      made[at] = value;
    CAPTURE(pointer);
    CHECK(said_of(made) ==
          (message == nullptr ? "valid" : "schema.json: error: " + std::string(message) + "\n"));
  }
}

TEST_CASE("validate_openapi: a document of 3.1 is not held to the fields of 3.0") {
  json made = document();
  made["openapi"] = "3.1.0";
  made["components"]["schemas"]["Input"]["properties"]["steps"] = {
      {"type", {"integer", "null"}}, {"exclusiveMinimum", 0}, {"examples", {1}}, {"const", 1}};
  CHECK(said_of(made) == "valid");
  made.erase("info");
  CHECK(said_of(made) == "schema.json: error: `#/info` is missing\n");
}

TEST_CASE("validate_openapi: what is no JSON object is told, however deep or broken it is") {
  const auto message = [](const std::string& hostile) {
    const auto done = validate_openapi(hostile, "schema.json");
    return done ? "valid" : done.error().message();
  };
  for (const char* hostile : {"", "[]", "null", "{", "{\"a\":\xFF}", "openapi: 3.0.2", "{}{}"})
    CHECK(message(hostile) == "schema.json is not a JSON object");
  CHECK(message(std::string(1000000, '[')) == "schema.json is nested deeper than 200 levels");
  CHECK(message("{\"a\":" + std::string(300, '[') + std::string(300, ']') + "}") ==
        "schema.json is nested deeper than 200 levels");
  CHECK(message("{\"a\":\"" + std::string(300, '[') + "\"}") ==
        "`#/a` is no field of a document in OpenAPI 3.0");
}

TEST_CASE("validate_openapi: references in a circle end") {
  json made = document();
  auto& schemas = made["components"]["schemas"];
  schemas["A"] = {{"allOf", {{{"$ref", "#/components/schemas/B"}}}}, {"default", 1}};
  schemas["B"] = {{"allOf", {{{"$ref", "#/components/schemas/A"}}}}};
  CHECK(said_of(made) == "valid");
  schemas["C"] = {{"$ref", "#/components/schemas/C"}};
  CHECK(said_of(made) ==
        "schema.json: error: `#/components/schemas/C` refers to "
        "`#/components/schemas/C`, which is not there\n");
}

}  // namespace cogbuild::schema
