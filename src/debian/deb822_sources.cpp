#include "ascii.hpp"
#include "located.hpp"
#include "quoted.hpp"
#include "source_values.hpp"

#include <cogbuild/debian/control.hpp>
#include <cogbuild/debian/sources.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxSources = 10000;

// One stanza, field by field.
class SourceStanza {
 public:
  SourceStanza(const Stanza& stanza, std::string_view file) : stanza_(stanza), file_(file) {}

  Result<void> add_to(std::vector<Source>& sources) const {
    TRY_ASSIGN(const bool binary, offers_binaries());
    if (!binary) return {};
    TRY_ASSIGN(const auto uris, needed("URIs"));
    TRY_ASSIGN(const auto suites, needed("Suites"));
    TRY_ASSIGN(const Source common, common_values());
    if (uris.size() * suites.size() > kMaxSources - sources.size())
      return fail(located(fmt::format("more than {} sources", kMaxSources), file_, stanza_.line));
    for (const auto uri : uris) {
      for (const auto suite : suites) {
        Source source = common;
        TRY_ASSIGN(source.uri, parse_source_uri(uri, place("URIs")));
        TRY_ASSIGN(source.suite, parse_suite(suite, place("Suites")));
        TRY(check_components(source, place("Suites")));
        sources.push_back(std::move(source));
      }
    }
    return {};
  }

 private:
  [[nodiscard]] Place place(std::string_view name) const {
    const Field* field = stanza_.find(name);
    return {.file = file_, .line = field == nullptr ? stanza_.line : field->line};
  }

  [[nodiscard]] std::vector<std::string_view> words(std::string_view name) const {
    std::vector<std::string_view> words;
    for (auto line : value_lines(stanza_.value(name)))
      for (auto word = next_word(line); !word.empty(); word = next_word(line))
        words.push_back(word);
    return words;
  }

  [[nodiscard]] Result<std::vector<std::string_view>> needed(std::string_view name) const {
    auto found = words(name);
    if (found.empty())
      return fail(located(fmt::format("the source has no {}", quoted(name)), file_, stanza_.line));
    return found;
  }

  [[nodiscard]] Result<bool> offers_binaries() const {
    TRY_ASSIGN(const auto types, needed("Types"));
    bool binary = false;
    for (const auto type : types) {
      if (type == "deb")
        binary = true;
      else if (type != "deb-src")
        return fail(located(
            fmt::format("{} is not a type of source, only `deb` and `deb-src` are", quoted(type)),
            file_, place("Types").line));
    }
    return binary;
  }

  [[nodiscard]] Result<Source> common_values() const {
    Source source{.file = std::string(file_), .line = stanza_.line};
    for (const auto word : words("Components")) {
      TRY_ASSIGN(auto component, parse_component(word, place("Components")));
      source.components.push_back(std::move(component));
    }
    for (const auto word : words("Architectures")) {
      TRY_ASSIGN(auto architecture, parse_architecture(word, place("Architectures")));
      source.architectures.push_back(std::move(architecture));
    }
    for (const auto word : words("Architectures-Remove")) {
      TRY_ASSIGN(auto architecture, parse_architecture(word, place("Architectures-Remove")));
      source.excluded_architectures.push_back(std::move(architecture));
    }
    TRY(set_flag("Enabled", source.enabled));
    TRY(set_flag("Trusted", source.trusted));
    if (stanza_.find("Check-Valid-Until") != nullptr) {
      bool check = true;
      TRY(set_flag("Check-Valid-Until", check));
      source.check_valid_until = check;
    }
    if (const Field* field = stanza_.find("By-Hash")) {
      TRY_ASSIGN(source.by_hash, parse_by_hash(field->value, place("By-Hash")));
    }
    TRY_ASSIGN(source.signed_by, signed_by());
    return source;
  }

  Result<void> set_flag(std::string_view name, bool& flag) const {
    const Field* field = stanza_.find(name);
    if (field == nullptr) return {};
    TRY_ASSIGN(flag, parse_flag(name, field->value, place(name)));
    return {};
  }

  // Paths and fingerprints, parted by spaces or commas, or one armoured key whose empty lines are
  // written as a dot.
  [[nodiscard]] Result<SignedBy> signed_by() const {
    SignedBy signed_by;
    const auto lines = value_lines(stanza_.value("Signed-By"));
    if (lines.empty()) return signed_by;
    if (!lines.front().starts_with("-----BEGIN ")) {
      for (auto line : lines) {
        while (!line.empty()) {
          const auto end = std::min(line.find_first_of(", \t"), line.size());
          if (end > 0) TRY(add_signer(line.substr(0, end), signed_by, place("Signed-By")));
          line.remove_prefix(std::min(end + 1, line.size()));
        }
      }
      return signed_by;
    }
    if (lines.front() != "-----BEGIN PGP PUBLIC KEY BLOCK-----" ||
        lines.back() != "-----END PGP PUBLIC KEY BLOCK-----")
      return fail(located("the key of Signed-By is not one whole public key block", file_,
                          place("Signed-By").line));
    for (const auto line : lines) {
      if (line != ".") signed_by.key_block += line;
      signed_by.key_block.push_back('\n');
    }
    return signed_by;
  }

  const Stanza& stanza_;
  std::string_view file_;
};

}  // namespace

Result<std::vector<Source>> parse_deb822_sources(std::string_view text, std::string_view file) {
  if (text.size() > kMaxTextBytes) return fail(located("the file is too long", file, 0));
  TRY_ASSIGN(const auto stanzas, read_stanzas(text, file, Comments::allowed));
  std::vector<Source> sources;
  for (const Stanza& stanza : stanzas) TRY(SourceStanza(stanza, file).add_to(sources));
  return sources;
}

}  // namespace cogbuild::debian
