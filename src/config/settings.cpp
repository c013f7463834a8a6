#include "node_reader.hpp"
#include "settings_rules.hpp"
#include "source_text.hpp"
#include "yaml_document.hpp"

#include <cogbuild/config/settings.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cogbuild::config {

namespace {

class SettingsReader {
 public:
  explicit SettingsReader(NodeReader& reader) : reader_(reader) {}

  void read(const Node& root);

  Settings settings{};

 private:
  void report(const SourceLocation& place, const std::optional<Problem>& problem) {
    if (problem) reader_.findings().error(place, problem->message, problem->hint);
  }
  // A field that is one text with a rule of its own.
  template <class Check>
  auto text_field(std::string_view name, Located<std::string>& target, Check check) {
    return [this, name, &target, check](const Node&, const Node& value) {
      reader_.text(value, name, target);
      if (!target->empty()) report(target.location, check(*target));
    };
  }
  auto url_field(std::string_view name, Located<std::string>& target) {
    return text_field(name, target,
                      [name](std::string_view text) { return check_url(name, text); });
  }
  template <class Check>
  auto list_field(std::string_view name, std::vector<Located<std::string>>& target, Check check) {
    return [this, name, &target, check](const Node&, const Node& value) {
      reader_.texts(value, name, target);
      for (const auto& item : target) report(item.location, check(*item));
    };
  }

  void read_sources(const Node& node);
  void read_archive(const Node& node);

  NodeReader& reader_;
};

void SettingsReader::read(const Node& root) {
  std::vector<Field> debian_fields;
  std::vector<Field> python_fields;
  std::vector<Field> check_fields;
  std::vector<Field> top_fields;
  const Level inner_top{.where = "at the top level", .fields = &top_fields};
  const Level debian{.where = "under `debian`", .fields = &debian_fields, .other = &inner_top};
  const Level python{.where = "under `python`", .fields = &python_fields, .other = &inner_top};
  const Level check{.where = "under `check`", .fields = &check_fields, .other = &inner_top};
  const Level top{.where = inner_top.where, .fields = &top_fields, .other = &debian};

  debian_fields = {
      {"sources", [&](const Node&, const Node& value) { read_sources(value); }},
      {"snapshot", url_field("`snapshot`", settings.debian.snapshot)},
      {"skip_scripts", list_field("`skip_scripts`", settings.debian.skip_scripts, check_package)},
      {"allow_unsigned",
       [&](const Node&, const Node& value) {
         reader_.flag(value, "`allow_unsigned`", settings.debian.allow_unsigned);
       }},
      {"suite", text_field("`suite`", settings.debian.suite, check_suite)},
  };
  python_fields = {
      {"mirror", url_field("`mirror`", settings.python.mirror)},
      {"archive", [&](const Node&, const Node& value) { read_archive(value); }},
  };
  check_fields = {
      {"ignore", list_field("`ignore`", settings.check.ignore, check_rule_id)},
      {"enable", list_field("`enable`", settings.check.enable, check_rule_id)},
      {"exclude", list_field("`exclude`", settings.check.exclude, check_path_pattern)},
  };
  top_fields = {
      {"debian",
       [&](const Node&, const Node& value) { reader_.mapping(value, "`debian`", debian); }},
      {"python",
       [&](const Node&, const Node& value) { reader_.mapping(value, "`python`", python); }},
      {"base", text_field("`base`", settings.base, check_base)},
      {"base_packages", list_field("`base_packages`", settings.base_packages, check_package_wish)},
      {"keep_docs",
       [&](const Node&, const Node& value) {
         reader_.flag(value, "`keep_docs`", settings.keep_docs.emplace(false));
       }},
      {"check", [&](const Node&, const Node& value) { reader_.mapping(value, "`check`", check); }},
  };
  reader_.mapping(root, "the file", top);
}

void SettingsReader::read_sources(const Node& node) {
  auto& sources = settings.debian.sources;
  if (node.kind == Node::Kind::scalar) {
    if (auto line = reader_.text(node, "`sources`")) sources.push_back(*std::move(line));
  } else {
    reader_.texts(node, "`sources`", sources);
  }
  for (const auto& line : sources) report(line.location, check_source_line(*line));
}

void SettingsReader::read_archive(const Node& node) {
  PythonArchive archive;
  Located<std::string> sha256;
  const std::vector<Field> fields = {
      {"version", text_field("`version`", archive.version, check_full_python_version)},
      {"url", url_field("`url`", archive.url)},
      {"sha256",
       [&](const Node&, const Node& value) {
         reader_.text(value, "`sha256`", sha256);
         if (sha256->empty()) return;
         const auto digest = digest::Digest::parse_hex(*sha256);
         if (digest)
           archive.sha256 = {.value = *digest, .location = sha256.location};
         else
           report(sha256.location,
                  Problem{fmt::format("{} is not a SHA-256", literal(*sha256)),
                          "write the 64 hexadecimal digits that `sha256sum` prints"});
       }},
  };
  if (!reader_.mapping(node, "`archive`", {.where = "under `archive`", .fields = &fields})) return;
  for (const std::string_view example : {"version: 3.12.11", "url: https://…", "sha256: …"}) {
    const auto key = example.substr(0, example.find(':'));
    const bool given = std::ranges::any_of(node.entries, [key](const auto& entry) {
      const Node& value = *entry.second;
      return entry.first->text == key && value.kind != Node::Kind::null &&
             (value.kind != Node::Kind::scalar || !value.text.empty());
    });
    if (!given)
      reader_.findings().error(reader_.place(node), fmt::format("`archive` needs `{}`", key),
                               fmt::format("add `{}`", example));
  }
  settings.python.archive = std::move(archive);
}

}  // namespace

Result<SettingsResult> read_settings(const io::Tree& project, const std::string& file) {
  constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 20;
  auto text = project.read(file, kLargestFile);
  if (!text && text.error().kind() == ErrorKind::not_found) return SettingsResult{};
  if (!text && text.error().kind() == ErrorKind::integrity)
    return fail(Error(ErrorKind::config, fmt::format("{} is larger than 1 MiB", literal(file))));
  TRY(text);
  TRY_ASSIGN(const SourceText source, SourceText::create(file, *std::move(text)));
  Findings findings;
  TRY_ASSIGN(const NodePointer root, parse_yaml(source, findings));
  NodeReader reader(source, findings);
  SettingsReader settings_reader(reader);
  settings_reader.read(*root);
  TRY_ASSIGN(auto warnings, std::move(findings).finish());
  return SettingsResult{.settings = std::move(settings_reader.settings),
                        .warnings = std::move(warnings)};
}

}  // namespace cogbuild::config
