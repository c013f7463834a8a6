#include "gpgv_status.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace cogbuild::apt {

namespace {

std::string_view next_word(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto end = std::min(text.find(' '), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

// A key's id or fingerprint as a message may show it.
std::string shown(std::string_view key) {
  constexpr std::size_t kLongest = 64;
  std::string text;
  for (const char c : key.substr(0, kLongest))
    text += (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ? c : '?';
  return text;
}

struct Valid {
  std::string_view fingerprint{};
  std::string_view hash{};
  std::string_view primary{};
};

// `VALIDSIG fingerprint date time expires version reserved key-algorithm hash class primary`.
Valid parse_valid(std::string_view line) {
  std::array<std::string_view, 10> fields{};
  for (auto& field : fields) field = next_word(line);
  return {.fingerprint = fields[0],
          .hash = fields[7],
          .primary = fields[9].empty() ? fields[0] : fields[9]};
}

// RFC 9580, section 9.5: MD5, SHA-1, RIPEMD-160.
bool is_weak(std::string_view hash) { return hash == "1" || hash == "2" || hash == "3"; }

bool is_permitted(const Valid& valid, std::span<const std::string> fingerprints) {
  if (fingerprints.empty()) return true;
  return std::ranges::any_of(fingerprints, [&valid](std::string_view permitted) {
    if (permitted.ends_with('!'))
      return permitted.substr(0, permitted.size() - 1) == valid.fingerprint;
    return permitted == valid.primary || permitted == valid.fingerprint;
  });
}

class Judge {
 public:
  Judge(std::span<const std::string> fingerprints, std::string_view what)
      : fingerprints_(fingerprints), what_(what) {}

  Result<void> hear(std::string_view line) {
    const auto word = next_word(line);
    if (word == "BADSIG")
      return fail(Error(ErrorKind::integrity,
                        fmt::format("the signature of {} does not fit what it signs (key {})",
                                    what_, shown(next_word(line))))
                      .hint("the index was changed on its way: use another mirror"));
    if (word == "GOODSIG") {
      is_good_ = true;
    } else if (word == "EXPSIG") {
      refuse(next_word(line), "has signed for a time that is over");
    } else if (word == "EXPKEYSIG") {
      refuse(next_word(line), "has expired");
    } else if (word == "REVKEYSIG") {
      refuse(next_word(line), "was revoked");
    } else if (word == "ERRSIG") {
      take_unchecked(line);
    } else if (word == "VALIDSIG" && is_good_) {
      take_valid(parse_valid(line));
      is_good_ = false;
    }
    return {};
  }

  [[nodiscard]] Result<void> verdict() const {
    if (is_trusted_) return {};
    if (reasons_.empty())
      return fail(Error(ErrorKind::integrity, fmt::format("{} has no signature", what_)));
    return fail(Error(ErrorKind::integrity, fmt::format("{} has no signature that counts: {}",
                                                        what_, fmt::join(reasons_, "; ")))
                    .hint("keyrings grow old: update the keyring package, or name the archive's "
                          "keyring with `signed-by=`"));
  }

 private:
  void refuse(std::string_view key, std::string_view why) {
    is_good_ = false;
    reasons_.push_back(fmt::format("key {} {}", shown(key), why));
  }

  // `ERRSIG key key-algorithm hash class time reason`.
  void take_unchecked(std::string_view line) {
    std::array<std::string_view, 6> fields{};
    for (auto& field : fields) field = next_word(line);
    constexpr std::string_view kNoPublicKey = "9";
    refuse(fields[0], fields[5] == kNoPublicKey ? "is not in the keyring"
                                                : "signed in a way that cannot be checked");
  }

  void take_valid(const Valid& valid) {
    if (is_weak(valid.hash))
      refuse(valid.fingerprint, "signed with a weak hash");
    else if (!is_permitted(valid, fingerprints_))
      refuse(valid.fingerprint, "is not one that Signed-By permits");
    else
      is_trusted_ = true;
  }

  std::span<const std::string> fingerprints_;
  std::string_view what_;
  bool is_good_ = false;  // of the signature at hand; VALIDSIG comes for expired keys too
  bool is_trusted_ = false;
  std::vector<std::string> reasons_{};
};

}  // namespace

Result<void> judge_signatures(std::string_view status, std::span<const std::string> fingerprints,
                              std::string_view what) {
  constexpr std::string_view kPrefix = "[GNUPG:] ";
  Judge judge(fingerprints, what);
  while (!status.empty()) {
    const auto end = std::min(status.find('\n'), status.size());
    auto line = status.substr(0, end);
    status.remove_prefix(std::min(end + 1, status.size()));
    if (line.starts_with(kPrefix)) TRY(judge.hear(line.substr(kPrefix.size())));
  }
  return judge.verdict();
}

}  // namespace cogbuild::apt
