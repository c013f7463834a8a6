#include "json_value.hpp"
#include "openapi_types.hpp"

#include <cogbuild/schema/openapi.hpp>

#include <nlohmann/json.hpp>

namespace cogbuild::schema {

namespace {

// What the two modes call things.
struct Words {
  std::string path, request, response, cancel_path, summary, description, operation;
  std::string cancel_operation, cancel_parameter, input, output;
};

Words words_of(Mode mode) {
  if (mode == Mode::train)
    return {.path = "/trainings",
            .request = "TrainingRequest",
            .response = "TrainingResponse",
            .cancel_path = "/trainings/{training_id}/cancel",
            .summary = "Train",
            .description = "Run a single training on the model",
            .operation = "train_trainings_post",
            .cancel_operation = "cancel_trainings__training_id__cancel_post",
            .cancel_parameter = "training_id",
            .input = "TrainingInput",
            .output = "TrainingOutput"};
  return {.path = "/predictions",
          .request = "PredictionRequest",
          .response = "PredictionResponse",
          .cancel_path = "/predictions/{prediction_id}/cancel",
          .summary = "Predict",
          .description = "Run a single prediction on the model",
          .operation = "predict_predictions_post",
          .cancel_operation = "cancel_predictions__prediction_id__cancel_post",
          .cancel_parameter = "prediction_id",
          .input = "Input",
          .output = "Output"};
}

Json reference(const std::string& component) {
  return object({{"$ref", "#/components/schemas/" + component}});
}

Json titled(const char* title, const char* type) {
  return object({{"title", title}, {"type", type}});
}

Json date(const char* title) {
  return object({{"title", title}, {"type", "string"}, {"format", "date-time"}});
}

Json component(const std::string& title, Json::Object properties) {
  return object({{"title", title}, {"type", "object"}, {"properties", std::move(properties)}});
}

Json components(const Signature& signature, const Words& words) {
  Json::Object made{.members = {}, .keys = Json::Keys::kept};
  auto inputs = input_schemas(signature.inputs);
  inputs.inputs.set("title", words.input);
  made.set(words.input, std::move(inputs.inputs));
  made.set(words.output, output_schema(signature.output));
  for (auto& [name, choices] : inputs.choices) made.set(name, std::move(choices));
  made.set(words.request, component(words.request, object({{"id", titled("Id", "string")},
                                                           {"input", reference(words.input)}})));
  made.set(words.response,
           component(words.response, object({{"input", reference(words.input)},
                                             {"output", reference(words.output)},
                                             {"id", titled("Id", "string")},
                                             {"version", titled("Version", "string")},
                                             {"created_at", date("Created At")},
                                             {"started_at", date("Started At")},
                                             {"completed_at", date("Completed At")},
                                             {"status", titled("Status", "string")},
                                             {"error", titled("Error", "string")},
                                             {"logs", titled("Logs", "string")},
                                             {"metrics", titled("Metrics", "object")}})));
  made.set(
      "Status",
      object({{"title", "Status"},
              {"description", "An enumeration."},
              {"enum", Json::List{"starting", "processing", "succeeded", "canceled", "failed"}},
              {"type", "string"}}));
  made.set("HTTPValidationError",
           component("HTTPValidationError",
                     object({{"detail", object({{"title", "Detail"},
                                                {"type", "array"},
                                                {"items", reference("ValidationError")}})}})));
  const Json::List text_or_index{object({{"type", "string"}}), object({{"type", "integer"}})};
  auto error = object({{"title", "ValidationError"},
                       {"type", "object"},
                       {"required", Json::List{"loc", "msg", "type"}}});
  error.set("properties", object({{"loc", object({{"title", "Location"},
                                                  {"type", "array"},
                                                  {"items", object({{"anyOf", text_or_index}})}})},
                                  {"msg", titled("Message", "string")},
                                  {"type", titled("Error Type", "string")}}));
  made.set("ValidationError", std::move(error));
  return made;
}

Json response(const char* description, Json schema) {
  return object(
      {{"description", description},
       {"content", object({{"application/json", object({{"schema", std::move(schema)}})}})}});
}

Json get(const char* summary, const char* operation) {
  const Json responses = object({{"200", response("Successful Response", object())}});
  return object(
      {{"get",
        object({{"summary", summary}, {"operationId", operation}, {"responses", responses}})}});
}

Json invalid_request() { return response("Validation Error", reference("HTTPValidationError")); }

Json run_operation(const Signature& signature, const Words& words) {
  const Json request = object({{"schema", reference(words.request)}});
  auto made = object(
      {{"summary", words.summary},
       {"description", words.description},
       {"operationId", words.operation},
       {"requestBody", object({{"content", object({{"application/json", request}})}})},
       {"responses", object({{"200", response("Successful Response", reference(words.response))},
                             {"422", invalid_request()}})}});
  if (signature.mode == Mode::predict && signature.streaming) made.set("x-cog-streaming", true);
  return object({{"post", std::move(made)}});
}

Json cancel_operation(const Words& words) {
  const Json parameter = object(
      {{"required", true},
       {"schema", object({{"title", title_case(words.cancel_parameter)}, {"type", "string"}})},
       {"name", words.cancel_parameter},
       {"in", "path"}});
  const Json responses =
      object({{"200", response("Successful Response", object())}, {"422", invalid_request()}});
  return object({{"post", object({{"summary", "Cancel"},
                                  {"operationId", words.cancel_operation},
                                  {"parameters", Json::List{parameter}},
                                  {"responses", responses}})}});
}

Json document(const Signature& signature, std::string_view cog_version) {
  const Words words = words_of(signature.mode);
  Json::Object paths{.members = {}, .keys = Json::Keys::kept};
  paths.set("/", get("Root", "root__get"));
  paths.set("/health-check", get("Healthcheck", "healthcheck_health_check_get"));
  paths.set(words.path, run_operation(signature, words));
  paths.set(words.cancel_path, cancel_operation(words));
  Json made = object({{"openapi", "3.0.2"},
                      {"info", object({{"title", "Cog"}, {"version", std::string(cog_version)}})},
                      {"paths", std::move(paths)},
                      {"components", object({{"schemas", components(signature, words)}})}});
  drop_titles_beside_references(made);
  turn_null_variants_nullable(made);
  return made;
}

// Adds what `to` does not have.
void add_members(Json* to, Json* from) {
  for (auto& [key, value] : from->object()->members)
    if (to->object()->find(key) == nullptr) to->object()->set(key, std::move(value));
}

}  // namespace

std::string openapi_document(const Signature& signature, std::string_view cog_version) {
  return write_compact(document(signature, cog_version));
}

std::string indented(const std::string& document) {
  const auto parsed = nlohmann::ordered_json::parse(document, nullptr, false);
  return parsed.is_discarded() ? document : parsed.dump(2);
}

std::string openapi_document(const Signature& predict, const Signature& train,
                             std::string_view cog_version) {
  // Cog reads both documents back before it joins them.
  Json both = through_any(document(predict, cog_version));
  Json other = through_any(document(train, cog_version));
  const auto schemas = [](Json& json) {
    return json.object()->find("components")->object()->find("schemas");
  };
  add_members(both.object()->find("paths"), other.object()->find("paths"));
  add_members(schemas(both), schemas(other));
  return write_indented(both);
}

}  // namespace cogbuild::schema
