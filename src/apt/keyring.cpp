#include "keyring.hpp"

#include "apt_files.hpp"

#include <cogbuild/apt/binary_keyring.hpp>
#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::apt {

namespace {

struct NamedKeyring {
  std::string path{};
  std::string_view content{};
};

// The keyrings for sources that name none: every one that the root trusts, else the
// distribution's.
std::vector<NamedKeyring> default_keyrings(const SourceSet& set) {
  std::vector<NamedKeyring> trusted;
  std::vector<NamedKeyring> others;
  for (const auto& [path, content] : set.keyrings) {
    if (is_trusted_keyring(path))
      trusted.push_back({.path = "/" + path, .content = content});
    else if (is_distribution_keyring(path))
      others.push_back({.path = "/" + path, .content = content});
  }
  return trusted.empty() ? others : trusted;
}

Result<std::vector<NamedKeyring>> keyrings_of(const SourceSet& set, const debian::Source& source) {
  const debian::SignedBy& by = source.signed_by;
  if (!by.key_block.empty())
    return std::vector{NamedKeyring{.path = "the key of Signed-By", .content = by.key_block}};
  if (by.keyrings.empty()) return default_keyrings(set);
  std::vector<NamedKeyring> keyrings;
  for (const auto& path : by.keyrings) {
    const auto found = set.keyrings.find(key_of(path));
    if (found == set.keyrings.end())
      return fail(Error(ErrorKind::not_found,
                        fmt::format("the keyring `{}`, whose keys sign {}, does not exist ({})",
                                    path, name_of(source), set.origin)));
    keyrings.push_back({.path = path, .content = found->second});
  }
  return keyrings;
}

digest::Digest digest_of(const Trust& trust) {
  digest::Hasher hasher;
  const auto add = [&hasher](std::string_view text) {
    hasher.update(fmt::format("{} ", text.size()));
    hasher.update(text);
  };
  add(trust.is_unsigned ? "unsigned" : "signed");
  for (const auto& keyring : trust.keyrings) add(keyring);
  add("fingerprints");
  for (const auto& fingerprint : trust.fingerprints) add(fingerprint);
  return hasher.finish();
}

}  // namespace

std::string name_of(const debian::Source& source) {
  return fmt::format("`{}` on {}", source.suite, url::to_display(source.uri));
}

Result<Trust> trust_of(const SourceSet& set, const debian::Source& source) {
  Trust trust{.fingerprints = source.signed_by.fingerprints,
              .is_unsigned = set.allow_unsigned && source.trusted};
  if (!trust.is_unsigned) {
    TRY_ASSIGN(const auto keyrings, keyrings_of(set, source));
    if (keyrings.empty())
      return fail(
          Error(ErrorKind::not_found, fmt::format("there is no keyring to verify {} with ({})",
                                                  name_of(source), set.origin))
              .hint("install the distribution's keyring (debian-archive-keyring, "
                    "ubuntu-keyring), or name one with `signed-by=`"));
    for (const auto& keyring : keyrings) {
      auto binary = binary_keyring(keyring.content);
      if (!binary)
        return fail(Error(ErrorKind::integrity,
                          fmt::format("{}: {}", keyring.path, binary.error().message()))
                        .during(fmt::format("preparing to verify {}", name_of(source))));
      trust.keyrings.push_back(*std::move(binary));
    }
  }
  trust.digest = digest_of(trust);
  return trust;
}

}  // namespace cogbuild::apt
