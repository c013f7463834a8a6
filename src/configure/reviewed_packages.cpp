#include "reviewed_packages.hpp"

#include <algorithm>
#include <array>

namespace cogbuild::configure {
namespace {

struct Reviewed {
  std::string_view name{};  // `*` at its end: every name that begins so
  Review review = Review::followed;
  std::string_view shortcoming{};
};

constexpr auto kFollowed = Review::followed;
constexpr auto kSkipped = Review::skipped;

// Sorted by name. Behind each: what its scripts do that following them does not show.
constexpr auto kReviewed = std::to_array<Reviewed>({
    {"base-files", kFollowed},           // log files of logins; the info directory's first page
    {"base-passwd", kFollowed},          // master files: first_files
    {"bash", kFollowed},                 // a program that guards /bin/sh, of bullseye
    {"ca-certificates", kSkipped},       // ca_certificates
    {"ca-certificates-java", kSkipped},  // ca_certificates
    {"ccache", kFollowed,
     "`ccache`: the links in /usr/lib/ccache are not made; run `update-ccache-symlinks` in a "
     "`run:` step"},
    {"dash", kSkipped},                    // /bin/sh is in the package; diversions of long ago
    {"dbus-daemon", kFollowed},            // an identity of the machine
    {"debconf", kSkipped},                 // its own questions
    {"debianutils", kFollowed},            // the list of shells: templates
    {"dpkg", kSkipped},                    // moves of databases of long ago; warnings
    {"fontconfig", kFollowed},             // a cache
    {"fontconfig-config", kFollowed},      // links by debconf's defaults
    {"fonts-urw-base35", kFollowed},       // ghostscript's list of fonts, found without it
    {"ghostscript", kFollowed},            // the same
    {"git-lfs", kFollowed},                // /etc/gitconfig: templates
    {"gtk-update-icon-cache", kFollowed},  // takes back a diversion of an earlier version
    {"gzip", kFollowed},                   // diversions that guard upgrades
    {"imagemagick*", kFollowed},           // alternatives
    {"install-info", kSkipped},            // the index of documents that are dropped
    {"iputils-ping", kFollowed},           // rights that root has anyway
    {"libc-bin", kFollowed},               // nsswitch.conf; ld.so.cache: library_links
    {"libc6", kSkipped},                   // restarts, checks of the kernel and of upgrades
    {"libext2fs2t64", kFollowed},          // diversions that guard upgrades
    {"libgdk-pixbuf-2.0-0", kFollowed},    // a cache; common loaders are built in
    {"libglib2.0-0*", kFollowed},          // caches; a script of an earlier package
    {"libgstreamer1.0-0", kFollowed},      // rights of a helper for clocks
    {"libgtk-3-0*", kFollowed},            // a cache of input methods
    {"libgvc6*", kFollowed,
     "`graphviz`: its list of plugins is not made; run `dot -c` in a `run:` step"},
    {"libhdf5-*", kFollowed},  // an alternative of pkg-config's
    {"libpam-modules", kFollowed},
    {"libpam-runtime", kFollowed},   // pam.d/common-*: templates
    {"libpam-systemd", kFollowed},   // sessions of logins
    {"libpam0g", kSkipped},          // restarts of services
    {"libpaper*", kFollowed},        // the size of paper, A4 without it
    {"libreadline8t64", kFollowed},  // diversions that guard upgrades
    {"libselinux1", kFollowed},      // caches of policies
    {"libsensors5", kSkipped},       // a file of an earlier version
    {"libtirpc3t64", kFollowed},     // diversions that guard upgrades
    {"locales", kFollowed,
     "`locales`: no locale is generated besides C.UTF-8; run `locale-gen` in a `run:` step"},
    {"mariadb-common", kFollowed},  // an alternative
    {"netbase", kFollowed},         // /etc/hosts, which is the container's
    {"openjdk-*", kFollowed},       // wants /proc
    {"openssh-client", kFollowed},  // the group of ssh-agent
    {"passwd", kFollowed},          // shadow files: users_and_groups
    {"polkitd", kFollowed},         // changes of a user of an earlier version
    {"poppler-data", kFollowed},    // ghostscript's list of fonts
    {"python3", kFollowed},         // debian_config: templates; byte code
    {"redis-server", kFollowed},    // an empty directory of an earlier version
    {"systemd-sysv", kFollowed},    // links of an earlier version
    {"tex-common", kSkipped},       // see texlive-base
    {"texlive-base", kSkipped,
     "`texlive`: the file database and the formats are not made; run `mktexlsr && updmap-sys && "
     "fmtutil-sys --all` in a `run:` step"},
    {"texlive-*", kFollowed},    // see texlive-base
    {"tzdata", kSkipped},        // localtime, timezone: templates
    {"ucf", kFollowed},          // moves of its own database
    {"usrmerge", kSkipped},      // merged already
    {"vim-runtime", kFollowed},  // a diversion for vim-tiny's help
    {"xfonts-utils", kFollowed},
    {"xml-core", kFollowed},
    {"xz-utils", kFollowed},  // an alternative: maintainer_scripts
});

const Reviewed* find_review(std::string_view package) {
  const Reviewed* by_beginning = nullptr;
  for (const auto& one : kReviewed) {
    if (one.name == package) return &one;
    if (one.name.ends_with('*') && package.starts_with(one.name.substr(0, one.name.size() - 1)))
      by_beginning = &one;
  }
  return by_beginning;
}

}  // namespace

Review review_of(std::string_view package) {
  const auto* found = find_review(package);
  return found == nullptr ? Review::none : found->review;
}

std::string_view shortcoming_of(std::string_view package) {
  const auto* found = find_review(package);
  return found == nullptr ? std::string_view{} : found->shortcoming;
}

}  // namespace cogbuild::configure
