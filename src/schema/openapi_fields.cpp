#include "openapi_fields.hpp"

#include <array>

namespace cogbuild::schema {

namespace {

using enum Shape;
using Kind = ObjectKind;

constexpr std::array kDocument{Field{"openapi", text, Kind::none, Need::filled},
                               Field{"info", one, Kind::info, Need::required},
                               Field{"servers", list, Kind::server},
                               Field{"paths", by_name_or_x, Kind::path_item, Need::required},
                               Field{"components", one, Kind::components},
                               Field{"security"},
                               Field{"tags", list, Kind::tag},
                               Field{"externalDocs", one, Kind::external_docs}};
constexpr std::array kInfo{Field{"title", text, Kind::none, Need::filled},
                           Field{"description", text},
                           Field{"termsOfService", text},
                           Field{"contact", one, Kind::contact},
                           Field{"license", one, Kind::license},
                           Field{"version", text, Kind::none, Need::filled}};
constexpr std::array kContact{Field{"name", text}, Field{"url", text}, Field{"email", text}};
constexpr std::array kLicense{Field{"name", text, Kind::none, Need::filled}, Field{"url", text}};
constexpr std::array kServer{Field{"url", text, Kind::none, Need::filled},
                             Field{"description", text},
                             Field{"variables", by_name, Kind::server_variable}};
constexpr std::array kServerVariable{Field{"enum", texts},
                                     Field{"default", text, Kind::none, Need::filled},
                                     Field{"description", text}};
constexpr std::array kComponents{Field{"schemas", by_name, Kind::schema},
                                 Field{"responses", by_name, Kind::response},
                                 Field{"parameters", by_name, Kind::parameter},
                                 Field{"examples", by_name, Kind::example},
                                 Field{"requestBodies", by_name, Kind::request_body},
                                 Field{"headers", by_name, Kind::header},
                                 Field{"securitySchemes", by_name, Kind::security_scheme},
                                 Field{"links", by_name, Kind::link},
                                 Field{"callbacks", callbacks}};
constexpr std::array kPathItem{Field{"$ref", text},
                               Field{"summary", text},
                               Field{"description", text},
                               Field{"connect", one, Kind::operation},
                               Field{"get", one, Kind::operation},
                               Field{"put", one, Kind::operation},
                               Field{"post", one, Kind::operation},
                               Field{"delete", one, Kind::operation},
                               Field{"options", one, Kind::operation},
                               Field{"head", one, Kind::operation},
                               Field{"patch", one, Kind::operation},
                               Field{"trace", one, Kind::operation},
                               Field{"servers", list, Kind::server},
                               Field{"parameters", list, Kind::parameter}};
constexpr std::array kOperation{Field{"tags", texts},
                                Field{"summary", text},
                                Field{"description", text},
                                Field{"externalDocs", one, Kind::external_docs},
                                Field{"operationId", text},
                                Field{"parameters", list, Kind::parameter},
                                Field{"requestBody", one, Kind::request_body},
                                Field{"responses", by_name_or_x, Kind::response, Need::required},
                                Field{"callbacks", callbacks},
                                Field{"deprecated", truth},
                                Field{"security"},
                                Field{"servers", list, Kind::server}};
constexpr std::array kExternalDocs{Field{"description", text},
                                   Field{"url", text, Kind::none, Need::filled}};
constexpr std::array kParameter{Field{"name", text, Kind::none, Need::filled},
                                Field{"in", text, Kind::none, Need::filled},
                                Field{"description", text},
                                Field{"required", truth},
                                Field{"deprecated", truth},
                                Field{"allowEmptyValue", truth},
                                Field{"style", text},
                                Field{"explode", truth},
                                Field{"allowReserved", truth},
                                Field{"schema", one, Kind::schema},
                                Field{"example"},
                                Field{"examples", by_name, Kind::example},
                                Field{"content", by_name, Kind::media_type}};
constexpr std::array kHeader{Field{"description", text},
                             Field{"required", truth},
                             Field{"deprecated", truth},
                             Field{"allowEmptyValue", truth},
                             Field{"style", text},
                             Field{"explode", truth},
                             Field{"allowReserved", truth},
                             Field{"schema", one, Kind::schema},
                             Field{"example"},
                             Field{"examples", by_name, Kind::example},
                             Field{"content", by_name, Kind::media_type}};
constexpr std::array kRequestBody{Field{"description", text},
                                  Field{"content", by_name, Kind::media_type, Need::required},
                                  Field{"required", truth}};
constexpr std::array kMediaType{Field{"schema", one, Kind::schema}, Field{"example"},
                                Field{"examples", by_name, Kind::example},
                                Field{"encoding", by_name, Kind::encoding}};
constexpr std::array kEncoding{Field{"contentType", text}, Field{"headers", by_name, Kind::header},
                               Field{"style", text}, Field{"explode", truth},
                               Field{"allowReserved", truth}};
constexpr std::array kResponse{
    Field{"description", text, Kind::none, Need::required}, Field{"headers", by_name, Kind::header},
    Field{"content", by_name, Kind::media_type}, Field{"links", by_name, Kind::link}};
constexpr std::array kExample{Field{"summary", text}, Field{"description", text}, Field{"value"},
                              Field{"externalValue", text}};
constexpr std::array kLink{Field{"operationRef", text}, Field{"operationId", text},
                           Field{"parameters"},         Field{"requestBody"},
                           Field{"description", text},  Field{"server", one, Kind::server}};
constexpr std::array kTag{Field{"name", text}, Field{"description", text},
                          Field{"externalDocs", one, Kind::external_docs}};
constexpr std::array kSchema{Field{"title", text},
                             Field{"multipleOf", number},
                             Field{"maximum", number},
                             Field{"exclusiveMaximum"},
                             Field{"minimum", number},
                             Field{"exclusiveMinimum"},
                             Field{"maxLength", count},
                             Field{"minLength", count},
                             Field{"pattern", text},
                             Field{"maxItems", count},
                             Field{"minItems", count},
                             Field{"uniqueItems", truth},
                             Field{"maxProperties", count},
                             Field{"minProperties", count},
                             Field{"required", texts},
                             Field{"enum"},
                             Field{"type"},
                             Field{"allOf", list, Kind::schema},
                             Field{"oneOf", list, Kind::schema},
                             Field{"anyOf", list, Kind::schema},
                             Field{"not", one, Kind::schema},
                             Field{"items", one, Kind::schema},
                             Field{"properties", by_name, Kind::schema},
                             Field{"additionalProperties", schema_or_truth, Kind::schema},
                             Field{"description", text},
                             Field{"format", text},
                             Field{"default"},
                             Field{"nullable", truth},
                             Field{"discriminator", one, Kind::discriminator},
                             Field{"readOnly", truth},
                             Field{"writeOnly", truth},
                             Field{"allowEmptyValue", truth},
                             Field{"xml", one, Kind::xml},
                             Field{"externalDocs", one, Kind::external_docs},
                             Field{"example"},
                             Field{"deprecated", truth}};
constexpr std::array kDiscriminator{Field{"propertyName", text}, Field{"mapping", texts_by_name}};
constexpr std::array kXml{Field{"name", text}, Field{"namespace", text}, Field{"prefix", text},
                          Field{"attribute", truth}, Field{"wrapped", truth}};
constexpr std::array kSecurityScheme{Field{"type", text, Kind::none, Need::filled},
                                     Field{"description", text},
                                     Field{"name", text},
                                     Field{"in", text},
                                     Field{"scheme", text},
                                     Field{"bearerFormat", text},
                                     Field{"flows", one, Kind::oauth_flows},
                                     Field{"openIdConnectUrl", text}};
constexpr std::array kOauthFlows{Field{"implicit", one, Kind::oauth_flow},
                                 Field{"password", one, Kind::oauth_flow},
                                 Field{"clientCredentials", one, Kind::oauth_flow},
                                 Field{"authorizationCode", one, Kind::oauth_flow}};
constexpr std::array kOauthFlow{Field{"authorizationUrl", text}, Field{"tokenUrl", text},
                                Field{"refreshUrl", text},
                                Field{"scopes", texts_by_name, Kind::none, Need::required}};

struct Object {
  std::string_view name{};
  std::span<const Field> fields{};
  bool may_be_a_reference = false;
};

Object object_of(Kind kind) {
  switch (kind) {
    case Kind::none:
      break;
    case Kind::document:
      return {"a document", kDocument};
    case Kind::info:
      return {"an info", kInfo};
    case Kind::contact:
      return {"a contact", kContact};
    case Kind::license:
      return {"a license", kLicense};
    case Kind::server:
      return {"a server", kServer};
    case Kind::server_variable:
      return {"a server variable", kServerVariable};
    case Kind::components:
      return {"the components", kComponents};
    case Kind::path_item:
      return {"a path item", kPathItem};
    case Kind::operation:
      return {"an operation", kOperation};
    case Kind::external_docs:
      return {"external documentation", kExternalDocs};
    case Kind::parameter:
      return {"a parameter", kParameter, true};
    case Kind::request_body:
      return {"a request body", kRequestBody, true};
    case Kind::media_type:
      return {"a media type", kMediaType};
    case Kind::encoding:
      return {"an encoding", kEncoding};
    case Kind::response:
      return {"a response", kResponse, true};
    case Kind::example:
      return {"an example", kExample, true};
    case Kind::link:
      return {"a link", kLink, true};
    case Kind::header:
      return {"a header", kHeader, true};
    case Kind::tag:
      return {"a tag", kTag};
    case Kind::schema:
      return {"a schema", kSchema, true};
    case Kind::discriminator:
      return {"a discriminator", kDiscriminator};
    case Kind::xml:
      return {"an XML object", kXml};
    case Kind::security_scheme:
      return {"a security scheme", kSecurityScheme, true};
    case Kind::oauth_flows:
      return {"OAuth flows", kOauthFlows};
    case Kind::oauth_flow:
      return {"an OAuth flow", kOauthFlow};
  }
  return {"an object", {}};
}

}  // namespace

std::span<const Field> fields_of(ObjectKind kind) { return object_of(kind).fields; }
std::string_view name_of(ObjectKind kind) { return object_of(kind).name; }
bool may_be_a_reference(ObjectKind kind) { return object_of(kind).may_be_a_reference; }

}  // namespace cogbuild::schema
