#include <cogbuild/recipe/recipe.hpp>

#include <type_traits>
#include <utility>

namespace cogbuild::recipe {

namespace {

// Takes `next` into `last` when both together are one segment of the same kind.
bool join(Literal& last, const Literal& next) {
  last.bytes += next.bytes;
  return true;
}

bool join(FileRange& last, const FileRange& next) {
  if (last.offset + last.size_bytes != next.offset || last.stamp != next.stamp ||
      last.path != next.path)
    return false;
  last.size_bytes += next.size_bytes;
  return true;
}

bool join(BlobRange& last, const BlobRange& next) {
  if (last.offset + last.size_bytes != next.offset || last.blob != next.blob) return false;
  last.size_bytes += next.size_bytes;
  return true;
}

bool join(StoredFile&, const StoredFile&) { return false; }
bool join(RemoteBlob&, const RemoteBlob&) { return false; }

}  // namespace

std::uint64_t size_bytes(const Segment& segment) {
  return std::visit(
      [](const auto& s) -> std::uint64_t {
        if constexpr (std::is_same_v<std::decay_t<decltype(s)>, Literal>)
          return s.bytes.size();
        else if constexpr (std::is_same_v<std::decay_t<decltype(s)>, StoredFile>)
          return s.content_bytes + (s.content_bytes + kStoredBlockBytes - 1) / kStoredBlockBytes *
                                       kStoredBlockHeaderBytes;
        else
          return s.size_bytes;
      },
      segment);
}

void append(std::vector<Segment>& segments, Segment segment) {
  if (size_bytes(segment) == 0) return;
  if (!segments.empty() && segments.back().index() == segment.index()) {
    const bool joined = std::visit(
        [&segments](const auto& next) {
          return join(std::get<std::decay_t<decltype(next)>>(segments.back()), next);
        },
        segment);
    if (joined) return;
  }
  segments.push_back(std::move(segment));
}

}  // namespace cogbuild::recipe
