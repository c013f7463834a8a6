#include <cogbuild/io/file.hpp>
#include <cogbuild/schema/openapi.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace cogbuild::schema {

namespace {

InputType of(Primitive primitive) {
  return {.kind = InputType::Kind::primitive, .primitive = primitive, .of = {}, .nullable = false};
}
InputType list_of(InputType item) {
  return {
      .kind = InputType::Kind::array, .primitive = Primitive::any, .of = {item}, .nullable = false};
}
InputType optional(InputType type) {
  type.nullable = true;
  return type;
}
Input input(const char* name, InputType type) {
  Input made;
  made.name = name;
  made.type = std::move(type);
  return made;
}
template <class T>
Input input(const char* name, InputType type, T default_value) {
  Input made = input(name, std::move(type));
  made.default_value = Literal{std::move(default_value)};
  return made;
}
OutputType output(Primitive primitive) {
  return {.kind = OutputType::Kind::primitive,
          .primitive = primitive,
          .of = {},
          .fields = {},
          .nullable = false};
}
Signature signature(std::vector<Input> inputs) {
  Signature made;
  made.inputs = std::move(inputs);
  made.output = output(Primitive::string);
  return made;
}
std::string text(const char* literal) { return literal; }

// The text of one property of the inputs, as it stands in the document.
std::string property(const Input& one) {
  const std::string document = openapi_document(signature({one}), "0.22.0");
  const std::string opening = "\"properties\":{\"" + one.name + "\":";
  const auto begin = document.find(opening) + opening.size();
  std::size_t end = begin;
  int depth = 0;
  do {
    if (document[end] == '{') ++depth;
    if (document[end] == '}') --depth;
    ++end;
  } while (depth > 0);
  return document.substr(begin, end - begin);
}

std::string default_of(Literal literal) {
  Input one = input("x", of(Primitive::any));
  one.default_value = std::move(literal);
  const auto all = property(one);
  const auto end = all.find(",\"title\":\"X\"");
  return all.substr(11, end - 11);
}

}  // namespace

TEST_CASE("openapi_document: the worked example is Cog's byte for byte") {
  Input photo = input("photo", of(Primitive::path));
  photo.description = "Photo to trace";
  photo.accept = "image/*";
  Input ink = input("ink", of(Primitive::string), text("sepia"));
  ink.choices = {Literal{text("sepia")}, Literal{text("cyan")}};
  Input lines = input("lines", of(Primitive::integer), std::int64_t{40});
  lines.minimum = 1;
  lines.maximum = 200;
  auto seed = output(Primitive::integer);
  seed.nullable = true;
  Signature runner = signature({photo, ink, lines, input("weight", of(Primitive::number), 1.0),
                                input("tags", list_of(of(Primitive::string)), Literal::List{}),
                                input("token", optional(of(Primitive::secret)), std::monostate())});
  runner.output = {
      .kind = OutputType::Kind::object,
      .primitive = Primitive::any,
      .of = {},
      .fields = {{.name = "drawing", .type = output(Primitive::path), .required = true},
                 {.name = "seed", .type = seed, .required = false}},
      .nullable = false};
  const auto expected = io::read_file(std::string(COGBUILD_TEST_DATA) + "/worked_example.json");
  REQUIRE(expected.has_value());
  const std::string document = openapi_document(runner, "0.22.0");
  CHECK(document.size() == 3891);
  CHECK(document == *expected);
  CHECK(validate_openapi(document, "schema.json", &runner).has_value());
}

TEST_CASE("openapi_document: each type has its fragment") {
  struct Row {
    Input one{};
    const char* fragment = "";
  };
  InputType either{.kind = InputType::Kind::one_of,
                   .primitive = Primitive::any,
                   .of = {of(Primitive::string), list_of(of(Primitive::integer))},
                   .nullable = true};
  Input secret = input("a", of(Primitive::secret), std::monostate());
  Input deprecated = input("old_name", of(Primitive::string), text("x"));
  deprecated.deprecated = true;
  deprecated.min_length = 1;
  deprecated.max_length = 18446744073709551615U;
  deprecated.pattern = "^a<b>&c$";
  Input kept = input("a", of(Primitive::boolean), true);
  kept.deprecated = false;
  const Row rows[] = {
      {input("a", of(Primitive::boolean), false),
       R"({"default":false,"title":"A","type":"boolean","x-order":0})"},
      {input("a", of(Primitive::file)),
       R"({"format":"uri","title":"A","type":"string","x-order":0})"},
      {input("a", of(Primitive::any)), R"({"title":"A","type":"object","x-order":0})"},
      {input("a", optional(of(Primitive::integer))),
       R"({"nullable":true,"title":"A","type":"integer","x-order":0})"},
      {input("a", list_of(of(Primitive::path))),
       R"({"items":{"format":"uri","type":"string"},"title":"A","type":"array","x-order":0})"},
      {input("a", either),
       R"({"anyOf":[{"nullable":true,"type":"string"},{"items":{"type":"integer"},"nullable":true,"type":"array"}],"nullable":true,"title":"A","x-order":0})"},
      {input("a", of(Primitive::integer), std::monostate()),
       R"({"title":"A","type":"integer","x-order":0})"},
      {secret,
       R"({"default":null,"format":"password","nullable":true,"title":"A","type":"string","writeOnly":true,"x-cog-secret":true,"x-order":0})"},
      {deprecated,
       R"({"default":"x","deprecated":true,"maxLength":18446744073709551615,"minLength":1,"pattern":"^a\u003cb\u003e\u0026c$","title":"Old Name","type":"string","x-order":0})"},
      {kept, R"({"default":true,"title":"A","type":"boolean","x-order":0})"},
  };
  for (const auto& [one, fragment] : rows) CHECK(property(one) == fragment);
}

TEST_CASE("openapi_document: what has no default that counts is required") {
  const auto required = [](const Input& one) {
    return openapi_document(signature({one}), "1").find(R"("required":["a"])") != std::string::npos;
  };
  const InputType either{.kind = InputType::Kind::one_of,
                         .primitive = Primitive::any,
                         .of = {of(Primitive::string), of(Primitive::integer)},
                         .nullable = true};
  CHECK(required(input("a", of(Primitive::string))));
  CHECK(required(input("a", list_of(of(Primitive::string)))));
  CHECK(required(input("a", of(Primitive::integer), std::monostate())));
  CHECK(required(input("a", either)));
  CHECK_FALSE(required(input("a", either, std::monostate())));
  CHECK_FALSE(required(input("a", of(Primitive::string), text(""))));
  CHECK_FALSE(required(input("a", optional(of(Primitive::string)))));
  CHECK_FALSE(required(input("a", of(Primitive::secret), std::monostate())));
  CHECK(required(input("a", of(Primitive::secret))));
}

TEST_CASE("openapi_document: numbers are written as Go writes them") {
  const std::pair<double, const char*> rows[] = {{1.0, "1"},
                                                 {0.5, "0.5"},
                                                 {-0.0, "-0"},
                                                 {1e20, "100000000000000000000"},
                                                 {1e21, "1e+21"},
                                                 {1e-6, "0.000001"},
                                                 {1e-7, "1e-7"},
                                                 {1.5e300, "1.5e+300"},
                                                 {123456789012345678901.0, "123456789012345680000"},
                                                 {-2.5e-10, "-2.5e-10"},
                                                 {3.141592653589793, "3.141592653589793"}};
  for (const auto& [number, written] : rows) CHECK(default_of(Literal{number}) == written);
  CHECK(default_of(Literal{std::int64_t{9223372036854775807}}) == "9223372036854775807");
  CHECK(default_of(Literal{std::int64_t{-1}}) == "-1");
}

TEST_CASE("openapi_document: strings are escaped as Go escapes them") {
  CHECK(default_of(Literal{std::string("\b\f\n\r\t\"\\/\x00\x1f\x7f<>&", 14)}) ==
        "\"\\b\\f\\n\\r\\t\\\"\\\\/\\u0000\\u001f\x7f\\u003c\\u003e\\u0026\"");
  CHECK(default_of(Literal{text("\xE2\x80\xA8\xE2\x80\xA9 \xC3\xA9 \xEF\xBF\xBD")}) ==
        "\"\\u2028\\u2029 \xC3\xA9 \xEF\xBF\xBD\"");
  CHECK(default_of(Literal{text("\xFF\xED\xA0\x80\xC0\xAF\xF4\x90\x80\x80\xE2\x80")}) ==
        "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"");
}

TEST_CASE("openapi_document: keys of a dict are text, sorted, and the last of two counts") {
  const auto key = [](auto value) { return Literal{std::move(value)}; };
  const Literal::Pairs pairs{{key(text("b")), key(std::int64_t{1})},
                             {key(std::int64_t{2}), key(std::int64_t{2})},
                             {key(std::monostate()), key(std::int64_t{3})},
                             {key(1e6), key(std::int64_t{4})},
                             {key(0.25), key(std::int64_t{5})},
                             {key(true), key(Literal::List{key(std::monostate()), key(1.0)})},
                             {key(Literal::List{key(std::int64_t{1}), key(text("a"))}), key(false)},
                             {key(text("b")), key(std::int64_t{6})}};
  CHECK(default_of(Literal{pairs}) ==
        R"({"0.25":5,"1e+06":4,"2":2,"\u003cnil\u003e":3,"[1 a]":false,"b":6,"true":[null,1]})");
}

TEST_CASE("openapi_document: Cog's repairs reach into defaults") {
  const auto pair = [](const char* key, Literal value) {
    return std::pair<Literal, Literal>{Literal{std::string(key)}, std::move(value)};
  };
  CHECK(default_of(Literal{Literal::Pairs{pair("$ref", {text("a")}),
                                          pair("title", {text("b")})}}) == R"({"$ref":"a"})");
  const Literal::List variants{Literal{Literal::Pairs{pair("type", {text("null")})}},
                               Literal{Literal::Pairs{pair("a", {std::int64_t{1}})}}};
  CHECK(default_of(Literal{Literal::Pairs{pair("anyOf", {variants})}}) ==
        R"({"a":1,"nullable":true})");
}

TEST_CASE("openapi_document: titles begin words with one raised byte") {
  const auto title = [](const char* name) {
    const auto all = property(input(name, of(Primitive::string)));
    return all.substr(10, all.find(",\"type\"") - 11);
  };
  CHECK(title("negative_prompt") == "Negative Prompt");
  CHECK(title("_seed__x_") == " Seed  X ");
  CHECK(title("HDR_2x") == "HDR 2x");
  CHECK(title("\xC3\xB6l") == "\xEF\xBF\xBD\\ufffdl");
}

TEST_CASE("openapi_document: outputs nest, and an unknown element is any object") {
  const auto output_of = [](OutputType type) {
    Signature one = signature({});
    one.output = std::move(type);
    const auto document = openapi_document(one, "1");
    const auto begin = document.find("\"Output\":") + 9;
    return document.substr(begin, document.find(",\"PredictionRequest\"") - begin);
  };
  using Kind = OutputType::Kind;
  const auto wrap = [](Kind kind, std::vector<OutputType> inner) {
    return OutputType{.kind = kind,
                      .primitive = Primitive::any,
                      .of = std::move(inner),
                      .fields = {},
                      .nullable = false};
  };
  CHECK(output_of(wrap(Kind::any, {})) == R"({"title":"Output","type":"object"})");
  CHECK(output_of(wrap(Kind::array, {})) ==
        R"({"items":{"type":"object"},"title":"Output","type":"array"})");
  CHECK(output_of(wrap(Kind::dictionary, {})) == R"({"title":"Output","type":"object"})");
  CHECK(
      output_of(wrap(Kind::dictionary, {wrap(Kind::array, {output(Primitive::path)})})) ==
      R"({"additionalProperties":{"items":{"format":"uri","type":"string"},"type":"array"},"title":"Output","type":"object"})");
  CHECK(
      output_of(wrap(Kind::iterator, {output(Primitive::path)})) ==
      R"({"items":{"format":"uri","type":"string"},"title":"Output","type":"array","x-cog-array-type":"iterator"})");
  CHECK(
      output_of(wrap(Kind::concatenate_iterator, {output(Primitive::string)})) ==
      R"({"items":{"type":"string"},"title":"Output","type":"array","x-cog-array-display":"concatenate","x-cog-array-type":"iterator"})");
}

TEST_CASE("openapi_document: streaming marks the operation of predictions alone") {
  Signature one = signature({});
  one.streaming = true;
  CHECK(openapi_document(one, "1").find("\"summary\":\"Predict\",\"x-cog-streaming\":true}") !=
        std::string::npos);
  one.mode = Mode::train;
  const auto training = openapi_document(one, "1");
  CHECK(training.find("x-cog-streaming") == std::string::npos);
  for (const char* part :
       {"\"TrainingInput\":{\"properties\":{},\"title\":\"TrainingInput\",\"type\":\"object\"}",
        "\"TrainingOutput\":{\"title\":\"Output\",\"type\":\"string\"}",
        "\"/trainings/{training_id}/cancel\"", "cancel_trainings__training_id__cancel_post",
        "\"title\":\"Training Id\"", "Run a single training on the model"})
    CHECK(training.find(part) != std::string::npos);
}

TEST_CASE("openapi_document: an input with choices may take the place of a component") {
  Input status = input("Status", of(Primitive::string));
  status.choices = {Literal{text("a")}};
  const auto document = nlohmann::json::parse(openapi_document(signature({status}), "1"));
  CHECK(document["components"]["schemas"]["Status"]["enum"][0] == "starting");
  Input output_choice = input("Output", list_of(of(Primitive::integer)));
  output_choice.choices = {Literal{std::int64_t{3}}};
  const auto taken = nlohmann::json::parse(openapi_document(signature({output_choice}), "1"));
  CHECK(taken["components"]["schemas"]["Output"].dump() ==
        R"({"description":"An enumeration.","enum":[3],"title":"Output","type":"integer"})");
}

TEST_CASE("openapi_document: of both modes it is sorted, indented, and numbers are doubles") {
  Input big = input("big", of(Primitive::integer), std::int64_t{9223372036854775807});
  Input broken = input("a_first", of(Primitive::string), text("\xFF"));
  Signature predict = signature({big, broken});
  Input ink = input("ink", of(Primitive::string));
  ink.choices = {Literal{text("a")}};
  predict.inputs.push_back(ink);
  Signature train = signature({ink});
  train.mode = Mode::train;
  train.inputs[0].choices = {Literal{text("b")}};
  const auto document = openapi_document(predict, train, "0.22.0");
  CHECK(document.starts_with(
      "{\n  \"components\": {\n    \"schemas\": {\n      \"HTTPValidationError\": {\n"));
  CHECK(document.ends_with("\n  }\n}"));
  CHECK(document.find("\"default\": 9223372036854776000,\n") != std::string::npos);
  CHECK(document.find("\"default\": \"\xEF\xBF\xBD\"") != std::string::npos);
  CHECK(document.find("\"schema\": {}\n") != std::string::npos);
  const auto parsed = nlohmann::json::parse(document);
  CHECK(parsed["components"]["schemas"]["ink"]["enum"] == nlohmann::json({"a"}));
  CHECK(parsed["components"]["schemas"].contains("TrainingInput"));
  CHECK(parsed["paths"].contains("/trainings"));
}

}  // namespace cogbuild::schema
