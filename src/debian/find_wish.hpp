#pragma once

#include <cogbuild/debian/choose.hpp>
#include <cogbuild/debian/package_index.hpp>
#include <cogbuild/error/result.hpp>

#include <span>
#include <string>

namespace cogbuild::debian {

// The version that a wish means.
struct FoundWish {
  Candidate candidate{};  // an installed package too; null: nothing is needed
  std::string note{};     // empty: none
  std::string warning{};
};

// By name: the highest version of the index and of what is installed (of a held package the
// installed one), or the one that is asked for. A name that packages only provide: the one package
// that provides it. A name that moved: its successor, where that is certain. Error: config, without
// location.
Result<FoundWish> find_wish(const PackageIndex& index, std::span<const Package> installed,
                            const Wish& wish);

}  // namespace cogbuild::debian
