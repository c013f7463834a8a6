#include "ascii.hpp"
#include "located.hpp"
#include "quoted.hpp"
#include "safe_path.hpp"

#include <cogbuild/debian/control.hpp>
#include <cogbuild/debian/release.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cogbuild::debian {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxFiles = 200000;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  for (auto word = next_word(text); !word.empty(); word = next_word(text)) all.emplace_back(word);
  return all;
}

// `<hex> <size> <path>`.
bool parse_file(std::string_view line, IndexFile& file) {
  const auto digest = digest::Digest::parse_hex(next_word(line));
  const auto size = next_word(line);
  const auto path = trim(line);
  const char* const end = size.data() + size.size();
  const auto [stop, error] = std::from_chars(size.data(), end, file.size_bytes);
  if (!digest || error != std::errc{} || stop != end || !is_safe_path(path)) return false;
  file.digest = *digest;
  file.path = path;
  return true;
}

Result<std::vector<IndexFile>> parse_files(const Field& table, std::string_view origin) {
  std::vector<IndexFile> files;
  for (const auto line : value_lines(table.value)) {
    IndexFile file;
    if (!parse_file(line, file))
      return fail(located(fmt::format("a line of the SHA256 table is not a digest, a size and a "
                                      "relative path: {}",
                                      quoted(line)),
                          origin, table.line));
    if (files.size() == kMaxFiles)
      return fail(located(fmt::format("the SHA256 table has more than {} lines", kMaxFiles), origin,
                          table.line));
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(),
            [](const IndexFile& a, const IndexFile& b) { return a.path < b.path; });
  files.erase(std::unique(files.begin(), files.end()), files.end());
  const auto twice =
      std::adjacent_find(files.begin(), files.end(),
                         [](const IndexFile& a, const IndexFile& b) { return a.path == b.path; });
  if (twice != files.end())
    return fail(located(
        fmt::format("the SHA256 table has {} twice, with different contents", quoted(twice->path)),
        origin, table.line));
  return files;
}

Result<std::chrono::sys_seconds> date_of(const Field& field, std::string_view origin) {
  auto date = parse_release_date(field.value);
  if (!date)
    return fail(
        located(fmt::format("{}: {}", field.name, date.error().message()), origin, field.line));
  return *date;
}

// How long ago, roughly, as one says it.
std::string since(std::chrono::seconds duration) {
  const auto in = [duration](std::string_view unit, std::chrono::seconds one) {
    const auto count = duration / one;
    return fmt::format("{} {}{} ago", count, unit, count == 1 ? "" : "s");
  };
  if (duration >= std::chrono::days(1)) return in("day", std::chrono::days(1));
  if (duration >= std::chrono::hours(1)) return in("hour", std::chrono::hours(1));
  return in("minute", std::chrono::minutes(1));
}

std::string name_of(const Release& release) {
  if (release.codename.empty()) return quoted(release.suite);
  if (release.suite.empty() || release.suite == release.codename) return quoted(release.codename);
  return fmt::format("{} ({})", quoted(release.codename), quoted(release.suite));
}

}  // namespace

const IndexFile* Release::find(std::string_view path) const {
  const auto at = std::lower_bound(
      files.begin(), files.end(), path,
      [](const IndexFile& file, std::string_view wanted) { return file.path < wanted; });
  return at != files.end() && at->path == path ? &*at : nullptr;
}

Result<Release> parse_release(std::string_view text, std::string_view origin) {
  if (text.size() > kMaxTextBytes) return fail(located("the file is too long", origin, 0));
  TRY_ASSIGN(const auto stanzas, read_stanzas(text, origin, Comments::refused));
  if (stanzas.size() != 1)
    return fail(located(fmt::format("a Release is one stanza, not {}", stanzas.size()), origin,
                        stanzas.size() < 2 ? 1 : stanzas[1].line));
  const Stanza& stanza = stanzas.front();
  Release release{.origin = std::string(stanza.value("Origin")),
                  .label = std::string(stanza.value("Label")),
                  .suite = std::string(stanza.value("Suite")),
                  .codename = std::string(stanza.value("Codename")),
                  .version = std::string(stanza.value("Version")),
                  .architectures = words(stanza.value("Architectures")),
                  .components = words(stanza.value("Components")),
                  .acquire_by_hash = equal_ignoring_case(stanza.value("Acquire-By-Hash"), "yes")};
  const Field* date = stanza.find("Date");
  if (date == nullptr) return fail(located("the Release has no Date", origin, stanza.line));
  TRY_ASSIGN(release.date, date_of(*date, origin));
  if (const Field* until = stanza.find("Valid-Until")) {
    TRY_ASSIGN(release.valid_until, date_of(*until, origin));
  }
  const Field* table = stanza.find("SHA256");
  if (table == nullptr)
    return fail(Error(ErrorKind::unsupported, "the Release has no SHA256 table")
                    .at({.file = std::string(origin), .line = stanza.line})
                    .hint("an archive must list SHA-256 digests; older ones are not secure"));
  TRY_ASSIGN(release.files, parse_files(*table, origin));
  return release;
}

Result<void> check(const Release& release, const ReleaseCheck& against) {
  const bool flat = against.asked_suite.ends_with('/');
  if (!flat && against.asked_suite != release.suite && against.asked_suite != release.codename) {
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} answers with the suite {}, not {}", against.mirror,
                                  name_of(release), quoted(against.asked_suite)))
                    .hint(fmt::format(
                        "ask for {} if that is meant, or use another mirror",
                        quoted(release.codename.empty() ? release.suite : release.codename))));
  }
  if (against.check_valid_until && release.valid_until && *release.valid_until < against.now) {
    return fail(
        Error(ErrorKind::integrity,
              fmt::format("the index of {} on {}, made {}, expired on {}, {}",
                          quoted(against.asked_suite), against.mirror,
                          to_release_date(release.date), to_release_date(*release.valid_until),
                          since(against.now - *release.valid_until)))
            .hint("use a mirror that is up to date, or say `Check-Valid-Until: no` for this source "
                  "if an old state is meant"));
  }
  return {};
}

std::string by_hash_path(const IndexFile& file) {
  const auto slash = file.path.rfind('/');
  const auto folder = slash == std::string::npos ? std::string{} : file.path.substr(0, slash + 1);
  return fmt::format("{}by-hash/SHA256/{}", folder, file.digest.hex());
}

}  // namespace cogbuild::debian
