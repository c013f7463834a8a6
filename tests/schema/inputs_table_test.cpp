#include <cogbuild/schema/inputs_table.hpp>
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
Input input(const char* name, InputType type, const char* description = nullptr) {
  Input made;
  made.name = name;
  made.type = std::move(type);
  if (description != nullptr) made.description = description;
  return made;
}

Signature sketcher() {
  Input photo = input("photo", of(Primitive::path), "Photo to trace");
  photo.accept = "image/*";
  Input prompt = input(
      "prompt", of(Primitive::string),
      "What to draw: a sentence that names the subject first, then its surroundings and the light");
  prompt.max_length = 200;
  Input ink = input("ink", of(Primitive::string), "Colour of the lines");
  ink.choices = {text("sepia"), text("deep blue")};
  ink.default_value = text("sepia");
  Input steps = input("num_inference_steps", of(Primitive::integer));
  steps.default_value = Literal{std::int64_t{40}};
  steps.minimum = 1;
  steps.maximum = 200;
  Input seed = input("seed", of(Primitive::integer), "Leave it out for a random one");
  seed.type.nullable = true;
  Input token = input("token", of(Primitive::secret));
  token.default_value = Literal{};
  Signature made;
  made.docstring = "Traces a photo with ink.";
  made.inputs = {photo, prompt, ink, steps, seed, token};
  const OutputType file{.kind = OutputType::Kind::primitive,
                        .primitive = Primitive::path,
                        .of = {},
                        .fields = {},
                        .nullable = false};
  made.output = {.kind = OutputType::Kind::iterator,
                 .primitive = Primitive::any,
                 .of = {file},
                 .fields = {},
                 .nullable = false};
  return made;
}

Signature with(Input one) {
  Signature made;
  made.inputs = {std::move(one)};
  made.output = {.kind = OutputType::Kind::primitive,
                 .primitive = Primitive::string,
                 .of = {},
                 .fields = {},
                 .nullable = false};
  return made;
}

// The sample of a required input, held to the schema: it is tried as the default of a copy.
std::string sample(Input one) {
  const auto body = json::parse(example_request(with(one)));
  const json value = body["input"][one.name];
  const json document = json::parse(openapi_document(with(one), "1"));
  json tried = document;
  tried["components"]["schemas"]["Input"]["properties"][one.name]["default"] = value;
  const auto valid = validate_openapi(tried.dump(), "schema.json");
  return valid ? value.dump() : valid.error().message();
}
std::string sample(const char* name, Primitive primitive) {
  return sample(input(name, of(primitive)));
}

}  // namespace

TEST_CASE("inputs_as_text: columns are aligned and descriptions wrap") {
  CHECK(inputs_as_text(sketcher(), 80) ==
        "Traces a photo with ink.\n"
        "\n"
        "INPUT                TYPE     DEFAULT   DESCRIPTION\n"
        "photo                file     required  Photo to trace\n"
        "                                        image/*\n"
        "prompt               string   required  What to draw: a sentence that names the\n"
        "                                        subject first, then its surroundings and\n"
        "                                        the light\n"
        "                                        at most 200 characters\n"
        "ink                  string   \"sepia\"   Colour of the lines\n"
        "                                        one of sepia, \"deep blue\"\n"
        "num_inference_steps  integer  40        1 to 200\n"
        "seed                 integer            Leave it out for a random one\n"
        "token                secret\n"
        "\n"
        "Output: stream of file\n");
}

TEST_CASE("inputs_as_text: where columns are few, descriptions stand below") {
  Input one = input("a_name_of_many_words_in_a_row", of(Primitive::string), "Said below");
  CHECK(inputs_as_text(with(one), 10) ==
        "INPUT                          TYPE    DEFAULT\n"
        "    DESCRIPTION\n"
        "a_name_of_many_words_in_a_row  string  required\n"
        "    Said below\n"
        "\n"
        "Output: string\n");
}

TEST_CASE("inputs_as_text: nothing of an input tears the table") {
  Input one = input("x", of(Primitive::string), "  two\n\nlines\t and \x1b[31m a bell\a ");
  one.default_value = Literal{std::string(100, 'y')};
  CHECK(inputs_as_text(with(one), 80) ==
        "INPUT  TYPE    DEFAULT                   DESCRIPTION\n"
        "x      string  \"yyyyyyyyyyyyyyyyyyyyyy…  two lines and [31m a bell\n"
        "\n"
        "Output: string\n");
  Signature none;
  CHECK(inputs_as_text(none) == "no inputs\n\nOutput: object\n");
}

TEST_CASE("inputs_as_text: no line is a command of a log, nor writes to the terminal") {
  const std::string description = std::string(70, 'a') + " ::error::b";
  Signature signature = with(input("x", of(Primitive::string), description.c_str()));
  signature.docstring =
      "::add-mask::c \xc2\x9b"
      "31m";
  CHECK(inputs_as_text(signature, 60) ==
        "\\::add-mask::c ?31m\n"
        "\n"
        "INPUT  TYPE    DEFAULT   DESCRIPTION\n"
        "x      string  required  " +
            std::string(70, 'a') +
            "\n"
            "                         \\::error::b\n"
            "\n"
            "Output: string\n");
}

TEST_CASE("inputs_as_markdown: a table whose cells are escaped") {
  Signature made = sketcher();
  made.inputs.resize(3);
  made.inputs[0].description = "A *photo* | <b>\nwith `code` & [link](x)";
  made.inputs[2].default_value = text("a|b`c");
  CHECK(
      inputs_as_markdown(made) ==
      "| Input | Type | Default | Values | Description |\n"
      "| --- | --- | --- | --- | --- |\n"
      "| `photo` | file | **required** | image/\\* | A \\*photo\\* \\| &lt;b> with \\`code\\` "
      "&amp; \\[link\\](x) |\n"
      "| `prompt` | string | **required** | at most 200 characters | What to draw: a sentence that "
      "names the subject first, then its surroundings and the light |\n"
      "| `ink` | string | `` \"a\\|b`c\" `` | one of sepia, \"deep blue\" | Colour of the lines |\n"
      "\n"
      "**Output:** stream of file\n");
}

TEST_CASE("inputs_as_json: one object an input, with what is known of it") {
  const auto rows = json::parse(inputs_as_json(sketcher()));
  CHECK(rows[0] == json({{"name", "photo"},
                         {"type", "file"},
                         {"required", true},
                         {"description", "Photo to trace"},
                         {"accept", "image/*"}}));
  CHECK(rows[2] == json({{"name", "ink"},
                         {"type", "string"},
                         {"required", false},
                         {"default", "sepia"},
                         {"description", "Colour of the lines"},
                         {"choices", {"sepia", "deep blue"}}}));
  CHECK(rows[3]["minimum"] == 1);
  CHECK(rows[4]["nullable"] == true);
  CHECK(rows[5]["default"].is_null());
  CHECK(inputs_as_json(Signature{}) == "[]");
}

TEST_CASE("example_request: required inputs alone, or all") {
  CHECK(example_request(sketcher()) ==
        "{\n"
        "  \"input\": {\n"
        "    \"photo\": \"https://example.com/photo.png\",\n"
        "    \"prompt\": \"a lighthouse on a cliff at sunset\"\n"
        "  }\n"
        "}");
  const auto all = json::parse(example_request(sketcher(), true))["input"];
  CHECK(
      all.dump() ==
      R"({"ink":"sepia","num_inference_steps":40,"photo":"https://example.com/photo.png","prompt":"a lighthouse on a cliff at sunset","seed":42})");
  CHECK(example_request(Signature{}) == "{\n  \"input\": {}\n}");
}

TEST_CASE("example_request: a sample tells what the input is for, and the schema accepts it") {
  CHECK(sample("mask_image", Primitive::path) == "\"https://example.com/mask-image.png\"");
  CHECK(sample("song", Primitive::file) == "\"https://example.com/song.wav\"");
  CHECK(sample("thing", Primitive::path) == "\"https://example.com/thing\"");
  CHECK(sample("negative_prompt", Primitive::string) == "\"blurry, low contrast\"");
  CHECK(sample("width", Primitive::integer) == "1024");
  CHECK(sample("guidance_scale", Primitive::number) == "7.5");
  CHECK(sample("guidance_scale", Primitive::integer) == "8");
  CHECK(sample("enabled", Primitive::boolean) == "true");
  CHECK(sample("api_key", Primitive::secret) == "\"your-token\"");
  CHECK(sample("extra", Primitive::any) == "{}");
  Input model = input("model", of(Primitive::path));
  model.accept = ".glb,.obj";
  CHECK(sample(model) == "\"https://example.com/model.glb\"");
  CHECK(sample(input("prompts", list_of(Primitive::string))) ==
        "[\"a lighthouse on a cliff at sunset\"]");

  Input width = input("width", of(Primitive::integer));
  width.maximum = 768.5;
  CHECK(sample(width) == "768");
  width.minimum = 700.5;
  width.maximum = 701.5;
  CHECK(sample(width) == "701");
  Input scale = input("scale", of(Primitive::number));
  scale.minimum = 10.25;
  CHECK(sample(scale) == "10.25");
  Input size = input("size", of(Primitive::integer));
  size.choices = {Literal{std::int64_t{64}}, Literal{std::int64_t{128}}};
  CHECK(sample(size) == "64");
}

TEST_CASE("example_request: a text has the length and the pattern that are asked for") {
  Input prompt = input("prompt", of(Primitive::string));
  prompt.max_length = 5;
  CHECK(sample(prompt) == "\"a lig\"");
  prompt.max_length = std::nullopt;
  prompt.min_length = 60;
  CHECK(sample(prompt) == "\"a lighthouse on a cliff at sunset a lighthouse on a cliff at\"");
  prompt.min_length = std::nullopt;
  const std::pair<const char*, const char*> rows[] = {
      {"lighthouse", "\"a lighthouse on a cliff at sunset\""},
      {"^[0-9]+:[0-9]+$", "\"16:9\""},
      {"^#[0-9a-f]{6}$", "\"#3366cc\""},
      {"^(?:v|V)[2-9]{2,4}(\\.\\d+)+-[^a-z]x?$", "\"v22.1-1\""},
      {"^[A-Z]{3}_(?P<year>\\d{4})+?[[:alpha:]]$", "\"AAA_1111a\""},
      {"^\\w\\s\\D\\.$", "\"a a.\""},
  };
  for (const auto& [pattern, value] : rows) {
    prompt.pattern = pattern;
    CHECK(sample(prompt) == value);
  }
  // Not found: nothing is made up, and nothing hangs.
  for (const char* pattern :
       {"[", "(", "a{99999}{99999}", "(?=x)", "^\\p{Greek}$", "((((((((((((((((((((", "*"}) {
    prompt.pattern = pattern;
    CHECK(json::parse(example_request(with(prompt)))["input"].contains("prompt"));
  }
  prompt.pattern = std::string(100000, '(');
  CHECK(json::parse(example_request(with(prompt)))["input"].contains("prompt"));
}

TEST_CASE("example_command: curl takes the body as one word of the shell") {
  Input one = input("title", of(Primitive::string));
  one.choices = {text("it's")};
  Signature made = with(one);
  made.mode = Mode::train;
  CHECK(example_command(made) ==
        "curl -X POST http://localhost:5000/trainings \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        "  -d '{\n"
        "  \"input\": {\n"
        "    \"title\": \"it'\\''s\"\n"
        "  }\n"
        "}'");
}

}  // namespace cogbuild::schema
