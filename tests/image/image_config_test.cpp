#include <cogbuild/image/image_config.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace cogbuild::image {
namespace {

const std::string kA = "sha256:" + std::string(64, 'a');

std::string config_with(const std::string& execution) {
  return R"({"architecture":"amd64","os":"linux","config":)" + execution +
         R"(,"rootfs":{"type":"layers","diff_ids":[]}})";
}

ImageConfig parsed(const std::string& json) {
  auto config = parse_image_config(json);
  REQUIRE(config.has_value());
  return *std::move(config);
}

TEST_CASE("to_json: keys in fixed order, compact") {
  ImageConfig config{.platform = {.architecture = "arm64", .variant = "v8"},
                     .created = "1980-01-01T00:00:00Z",
                     .user = "0",
                     .environment = {{"PATH", "/bin"}, {"A", "1=2"}},
                     .entrypoint = {"/sbin/tini", "--"},
                     .command = {"python"},
                     .working_directory = "/src",
                     .exposed_ports = {"8080/tcp", "5000/tcp", "5000/tcp"},
                     .labels = {{"b", "2"}, {"a", "1"}},
                     .stop_signal = "SIGINT",
                     .other_config = R"({"Volumes":{"/v":{}},"Healthcheck":{"Test":["NONE"]}})",
                     .diff_ids = {digest::Digest::parse(kA).value()},
                     .history = {{.created_by = "x", .comment = "c"}, {.empty_layer = true}}};
  CHECK(
      to_json(config) ==
      R"({"created":"1980-01-01T00:00:00Z","architecture":"arm64","os":"linux","variant":"v8",)"
      R"("config":{"User":"0","ExposedPorts":{"5000/tcp":{},"8080/tcp":{}},"Env":["PATH=/bin","A=1=2"],)"
      R"("Entrypoint":["/sbin/tini","--"],"Cmd":["python"],"WorkingDir":"/src","Labels":{"a":"1","b":"2"},)"
      R"("StopSignal":"SIGINT","Healthcheck":{"Test":["NONE"]},"Volumes":{"/v":{}}},)"
      R"("rootfs":{"type":"layers","diff_ids":[")" +
          kA +
          R"("]},"history":[{"created":"1980-01-01T00:00:00Z","created_by":"x","comment":"c"},)"
          R"({"created":"1980-01-01T00:00:00Z","empty_layer":true}]})");
}

TEST_CASE("parse_image_config: a printed config prints the same bytes again") {
  const ImageConfig config{.created = "1980-01-01T00:00:00Z",
                           .environment = {{"B", ""}, {"A", "x"}},
                           .exposed_ports = {"5000/tcp"},
                           .labels = {{"a", "1"}},
                           .other_config = R"({"Shell":["/bin/bash","-c"]})",
                           .diff_ids = {digest::Digest::parse(kA).value()},
                           .history = {{.created_by = "x"}}};
  CHECK(parsed(to_json(config)) == config);
}

TEST_CASE("parse_image_config: null fields are absent ones") {
  const auto config = parsed(
      R"({"architecture":"amd64","os":"linux","created":null,"variant":null,"history":null,)"
      R"("config":{"Env":null,"Cmd":null,"Entrypoint":null,"Labels":null,"ExposedPorts":null,"User":null},)"
      R"("rootfs":{"type":"layers","diff_ids":null}})");
  CHECK(config == ImageConfig{});
}

TEST_CASE("parse_image_config: fields that cogbuild does not know survive, null ones too") {
  const auto config = parsed(config_with(
      R"({"Healthcheck":{"Test":["CMD","x"],"Interval":3},"OnBuild":null,"ArgsEscaped":true,"Cmd":["a"]})"));
  CHECK(config.other_config ==
        R"({"ArgsEscaped":true,"Healthcheck":{"Interval":3,"Test":["CMD","x"]},"OnBuild":null})");
  CHECK(parsed(to_json(config)) == config);
}

TEST_CASE("parse_image_config: the last of several Env entries wins, in the first one's place") {
  const auto config = parsed(config_with(R"({"Env":["A=1","B=2","A=3","C"]})"));
  const std::vector<std::pair<std::string, std::string>> expected{
      {"A", "3"}, {"B", "2"}, {"C", ""}};
  CHECK(config.environment == expected);
}

TEST_CASE("parse_image_config: what is malformed is refused, and why") {
  struct Row {
    std::string json;
    std::string message;
  };
  const std::vector<Row> rows{
      {"", "not valid JSON"},
      {"[]", "not a JSON object"},
      {R"({"os":"linux","rootfs":{}})", "`os` or `architecture` is missing"},
      {R"({"os":7})", "`os` is not a string"},
      {R"({"os":"linux","architecture":"amd64"})", "`rootfs` is missing"},
      {R"({"os":"linux","architecture":"amd64","rootfs":[]})", "`rootfs` is not an object"},
      {R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[7]}})",
       "`diff_ids` is not a list of strings"},
      {R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["x"]}})",
       "`x` is not a digest"},
      {R"({"os":"linux","architecture":"amd64","rootfs":{},"history":[7]})",
       "`history` is not a list of objects"},
      {R"({"os":"linux","architecture":"amd64","rootfs":{},"history":[{"empty_layer":"no"}]})",
       "`empty_layer` is not true or false"},
      {config_with("7"), "`config` is not an object"},
      {config_with(R"({"Env":{}})"), "`Env` is not a list"},
      {config_with(R"({"Env":["=x"]})"), "`=x` in `Env` has no name"},
      {config_with(R"({"Env":[""]})"), "`` in `Env` has no name"},
      {config_with(R"({"Cmd":"sh"})"), "`Cmd` is not a list"},
      {config_with(R"({"Labels":{"a":1}})"), "`Labels` is not an object of strings"},
      {config_with(R"({"ExposedPorts":[]})"), "`ExposedPorts` is not an object"},
      {config_with(R"({"Labels":{"a":"1","a":"2"}})"), "key `a` occurs twice"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.json);
    const auto config = parse_image_config(row.json);
    REQUIRE_FALSE(config.has_value());
    CHECK(config.error().kind() == ErrorKind::integrity);
    CHECK(config.error().message() == "the image config is malformed: " + row.message);
  }
}

TEST_CASE("parse_image_config: many keys and entries cost no quadratic time") {
  std::string labels = R"({"Labels":{"k":"v")";
  std::string ports = R"({"ExposedPorts":{"k":{})";
  for (int i = 0; i < 60'000; ++i) {
    labels += ",\"" + std::to_string(i) + "\":\"\"";
    ports += ",\"" + std::to_string(i) + "\":{}";
  }
  const auto config = parsed(config_with(labels + "}}"));
  CHECK(config.labels.size() == 60'001);
  CHECK(parsed(to_json(config)) == config);
  CHECK(to_json(parsed(config_with(ports + "}}"))).size() > 600'000);

  std::string environment = R"({"Env":["a")";
  for (int i = 0; i < 4096; ++i) environment += ",\"" + std::to_string(i) + "\"";
  CHECK(parse_image_config(config_with(environment + "]}")).error().message() ==
        "the image config is malformed: 4097 entries in `Env`, more than the limit of 4096");
}

TEST_CASE("to_json: bytes that are not UTF-8 never throw") {
  ImageConfig config{.user = "\xff"};
  config.other_config = "not JSON";
  CHECK(to_json(config) == R"({"architecture":"amd64","os":"linux","config":{"User":")"
                           "\xEF\xBF\xBD"
                           R"("},"rootfs":{"type":"layers","diff_ids":[]}})");
}

TEST_CASE("set_environment: replaces in place, else appends") {
  ImageConfig config;
  set_environment(config, "A", "1");
  set_environment(config, "B", "2");
  set_environment(config, "A", "3");
  REQUIRE(find_environment(config, "A") != nullptr);
  CHECK(*find_environment(config, "A") == "3");
  CHECK(config.environment.front().first == "A");
  CHECK(find_environment(config, "C") == nullptr);
}

}  // namespace
}  // namespace cogbuild::image
