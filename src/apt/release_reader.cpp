#include "release_reader.hpp"

#include "signature.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cogbuild::apt {

namespace {

// The largest that were seen have 300 KB.
constexpr std::uint64_t kIndexLimitBytes = std::uint64_t{16} << 20U;
constexpr std::uint64_t kSignatureLimitBytes = std::uint64_t{1} << 20U;

// `20260711T101637Z`, as snapshots name a moment.
bool is_moment(std::string_view part) {
  constexpr std::string_view kForm = "00000000T000000Z";
  return part.size() == kForm.size() &&
         std::equal(part.begin(), part.end(), kForm.begin(), [](char c, char form) {
           return form == '0' ? c >= '0' && c <= '9' : c == form;
         });
}

// A snapshot is of its time on purpose.
bool is_snapshot(std::string_view path) {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (is_moment(path.substr(0, end))) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

bool checks_time(const debian::Source& source) {
  return source.check_valid_until.value_or(!is_snapshot(source.uri.path));
}

}  // namespace

url::Url index_folder(const debian::Source& source) {
  if (source.is_flat()) return below(source.uri, source.suite);
  return below(source.uri, "dists/" + source.suite);
}

std::string ReleaseReader::key() const {
  return "apt release " + url::to_string(index_folder(source_));
}

std::string ReleaseReader::what() const { return "the index of " + name_of(source_); }

// The index as it was when it was last read; for --offline.
Result<bool> ReleaseReader::take_stored() {
  if (!before_)
    return fail(
        Error(ErrorKind::network,
              fmt::format("{} is not in the cache, and --offline forbids to ask for it", what()))
            .hint("run it once without --offline"));
  if (!is_usable())
    return fail(
        Error(ErrorKind::network,
              fmt::format("{} was verified with other keys than those that are trusted now, "
                          "and --offline forbids to ask for it",
                          what()))
            .hint("run it once without --offline"));
  now_ = *before_;
  return true;
}

Result<std::string> ReleaseReader::verified(SignedForm form, const std::string& content) const {
  if (form == SignedForm::clear) {
    if (trust_.is_unsigned) return unverified_text(content);
    return verify_clear_signed(content, trust_, services_.runner, what());
  }
  if (trust_.is_unsigned) return content;
  TRY_ASSIGN(const auto signature, get_file(below(index_folder(source_), "Release.gpg"),
                                            kSignatureLimitBytes, {}, services_));
  if (signature.state != Answer::State::content) {
    Error error(ErrorKind::integrity, fmt::format("{} has no signature", what()));
    if (source_.trusted)
      return fail(
          std::move(error).hint("`trusted=yes` counts in `debian.sources` of cogbuild.yaml alone"));
    return fail(std::move(error).hint(
        "use an archive that is signed; if this one is meant, say `trusted=yes` for it in "
        "`debian.sources` of cogbuild.yaml"));
  }
  TRY(verify_detached(content, signature.content, trust_, services_.runner, what()));
  return content;
}

// False when the mirror has no index of this form.
Result<bool> ReleaseReader::ask(SignedForm form) {
  const bool has_before = is_usable() && before_->form == form;
  const Validators none;
  TRY_ASSIGN(
      auto answer,
      get_file(below(index_folder(source_), form == SignedForm::clear ? "InRelease" : "Release"),
               kIndexLimitBytes, has_before && !services_.refresh ? before_->validators : none,
               services_));
  if (answer.state == Answer::State::absent) return false;
  if (answer.state == Answer::State::unchanged) {
    if (!has_before)
      return fail(Error(
          ErrorKind::network,
          fmt::format("{} is said to be unchanged, but was not asked about as such", what())));
    services_.reporter.explain(what() + " did not change");
    now_ = *before_;
    return true;
  }
  now_ = {.form = form,
          .trust = trust_.digest,
          .file = digest::digest_of(answer.content),
          .validators = std::move(answer.validators)};
  if (has_before && before_->file == now_.file) {
    services_.reporter.explain(what() + " did not change");
    now_.date = before_->date;
    now_.text = before_->text;
    return true;
  }
  TRY_ASSIGN(now_.text, verified(form, answer.content));
  return true;
}

Result<debian::Release> ReleaseReader::checked() const {
  const auto folder = index_folder(source_);
  const char* const name = now_.form == SignedForm::clear ? "InRelease" : "Release";
  TRY_ASSIGN(auto release, debian::parse_release(now_.text, url::to_display(below(folder, name))));
  const std::string mirror = url::to_display(source_.uri);
  TRY(debian::check(release,
                    {.asked_suite = source_.suite,
                     .mirror = mirror,
                     .now = std::chrono::floor<std::chrono::seconds>(services_.clock.now()),
                     .check_valid_until = checks_time(source_) && !services_.offline}));
  if (checks_time(source_) && before_ && release.date < before_->date)
    return fail(
        Error(ErrorKind::integrity,
              fmt::format("{} is older than it was: made {}, but one made {} was seen "
                          "before",
                          what(), debian::to_release_date(release.date),
                          debian::to_release_date(before_->date)))
            .hint("use a mirror that is up to date, or say `Check-Valid-Until: no` for this "
                  "source if an old state is meant"));
  return release;
}

Result<std::optional<debian::Release>> ReleaseReader::read() {
  // An unreadable cache costs a request, no more.
  if (auto text = services_.keys.get(store::Table::response, key()); text && *text)
    before_ = parse_stored_release(**text);
  bool found = false;
  if (services_.offline && source_.uri.scheme != "file") {
    TRY_ASSIGN(found, take_stored());
  } else {
    const bool detached = is_usable() && before_->form == SignedForm::detached;
    const auto first = detached ? SignedForm::detached : SignedForm::clear;
    TRY_ASSIGN(found, ask(first));
    if (!found) {
      TRY_ASSIGN(found, ask(detached ? SignedForm::clear : SignedForm::detached));
    }
  }
  if (!found) return std::nullopt;
  TRY_ASSIGN(auto release, checked());
  now_.date = release.date;
  return release;
}

void ReleaseReader::keep() const {
  if (before_ == now_) return;
  if (auto kept = services_.keys.put(store::Table::response, key(), to_text(now_)); !kept)
    services_.reporter.explain(fmt::format("{} is not cached: {}", what(), kept.error().message()));
}

}  // namespace cogbuild::apt
