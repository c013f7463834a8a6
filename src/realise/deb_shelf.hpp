#pragma once

#include "unpack_deb.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/realise/realise.hpp>

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::realise {

// A package whose contents are asked for, and with `layer` the tar entries of its files too, packed
// as that layer is. Borrows from a plan.
struct WantedDeb {
  const lock::LockedDeb* package = nullptr;
  const debian::UnpackRules* rules = nullptr;
  const plan::LayerPlan* layer = nullptr;
};

// How the fragments of a layer are packed: as the layer, but one member of stored gzip cannot be a
// part of another blob.
plan::Compression fragment_compression(const plan::LayerPlan& layer);

// The unpacked packages of one run. A package is unpacked once: what it holds is kept in the store,
// and so are the tar entries of its files in packed form, its fragment of a layer. Fragments of
// equal packing follow each other in a layer, so that a layer with one more package costs one
// fragment.
class DebShelf {
 public:
  // Both must outlive the shelf.
  DebShelf(const filetree::FileTree& base, const Services& services)
      : base_(base), services_(services) {}

  // Takes from the store what is known there; what is not is fetched in one call and unpacked in
  // parallel. May be called again.
  Result<void> prepare(const std::vector<WantedDeb>& wanted);

  // Of what was prepared.
  [[nodiscard]] const debian::DebContents& contents(const WantedDeb& deb) const;
  [[nodiscard]] const PackedBlob::Packed& fragment(const WantedDeb& deb) const;

 private:
  // What is still to be learned of one package.
  struct Task {
    const lock::LockedDeb* package = nullptr;
    const debian::UnpackRules* rules = nullptr;
    const plan::LayerPlan* layer = nullptr;  // null: no fragment
    BaseFit fit{};
    std::string contents_key{};  // empty: known
    std::string fragment_key{};
  };
  struct Shelved {
    debian::DebContents contents{};  // as they lie on the base
    BaseFit fit{};
  };

  Result<std::vector<Task>> missing(const std::vector<WantedDeb>& wanted);
  Result<bool> find_contents(const std::string& key);
  Result<bool> find_fragment(const std::string& key);
  Result<void> shelve(const std::string& key, debian::DebContents contents);
  Result<void> fetch(const std::vector<Task>& tasks);
  Result<void> unpack(std::vector<Task> tasks);
  Result<void> unpack(const Task& task);

  const filetree::FileTree& base_;
  const Services& services_;
  std::mutex mutex_{};  // guards what follows, while packages are unpacked
  std::map<std::string, Shelved> contents_{};
  std::map<std::string, PackedBlob::Packed> fragments_{};
  std::vector<std::pair<std::string, std::string>> learned_{};  // for the index
};

}  // namespace cogbuild::realise
