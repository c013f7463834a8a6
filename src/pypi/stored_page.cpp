#include "stored_page.hpp"

#include "packed_bytes.hpp"

#include <algorithm>
#include <utility>

namespace cogbuild::pypi {

namespace {

constexpr std::string_view kFormat = "index page 2\n";
constexpr std::size_t kDigestBytes = digest::Digest::kBytes;

enum Flag : unsigned {
  kYanked = 1,
  kHasMetadata = 2,
  kHasMetadataDigest = 4,
  kHasSize = 8,
  kSha256Alone = 16,     // else the hashes are counted and named
  kNamedLikeFile = 32,   // the URL's last part is the file name
  kFolderIsDigest = 64,  // the folder ends in `aa/bb/<60 digits>/`, a digest cut in three
  kHasQuery = 128,
};

// The texts that are written as differences from those of the file before.
struct Model {
  std::string file_name{};
  std::string folder{};
  std::string requires_python{};
  std::string upload_time{};
};

// The URL's path in the pieces it is written in.
struct Path {
  std::string_view folder{};
  std::string_view last{};
  std::string digest{};  // of 64 digits; empty when the folder does not end in one
};

Path split_path(std::string_view path) {
  constexpr std::size_t kCutDigest = 2 + 1 + 2 + 1 + 60 + 1;  // with its slashes
  Path out;
  const auto slash = path.rfind('/') + 1;
  out.last = path.substr(slash);
  out.folder = path.substr(0, slash);
  if (out.folder.size() <= kCutDigest) return out;
  const std::string_view end = out.folder.substr(out.folder.size() - kCutDigest);
  if (end[2] != '/' || end[5] != '/') return out;
  for (const auto part : {end.substr(0, 2), end.substr(3, 2), end.substr(6, 60)}) {
    if (!is_hex(part)) {
      out.digest.clear();
      return out;
    }
    out.digest += part;
  }
  out.folder.remove_suffix(kCutDigest);
  return out;
}

std::string raw_text(const digest::Digest& digest) {
  std::string out;
  for (const auto byte : digest.raw()) out += static_cast<char>(byte);
  return out;
}

bool is_sha256(const python::FileHash& hash) {
  return hash.algorithm == "sha256" && hash.hex.size() == 2 * kDigestBytes && is_hex(hash.hex);
}

class Encoder {
 public:
  ByteWriter& out() { return out_; }
  void start_block(const Model& model) { before_ = model; }

  void add(const File& file, std::size_t site) {
    const Path path = split_path(file.url.path);
    const bool sha256_alone = file.hashes.size() == 1 && is_sha256(file.hashes.front());
    const bool like_file = path.last == url::percent_encode(file.file_name);
    out_.byte((file.yanked ? kYanked : 0U) | (file.has_metadata ? kHasMetadata : 0U) |
              (file.metadata_digest ? kHasMetadataDigest : 0U) | (file.size_bytes ? kHasSize : 0U) |
              (sha256_alone ? kSha256Alone : 0U) | (like_file ? kNamedLikeFile : 0U) |
              (path.digest.empty() ? 0U : kFolderIsDigest) |
              (file.url.query.empty() ? 0U : kHasQuery));
    like(before_.file_name, file.file_name);
    out_.number(site);
    like(before_.folder, path.folder);
    out_.hex(path.digest);
    if (!like_file) out_.text(path.last);
    if (!file.url.query.empty()) out_.text(file.url.query);
    if (sha256_alone) {
      out_.hex(file.hashes[0].hex);
    } else {
      out_.number(file.hashes.size());
      for (const auto& hash : file.hashes) {
        out_.text(hash.algorithm);
        out_.text(hash.hex);
      }
    }
    if (file.size_bytes) out_.number(*file.size_bytes);
    like(before_.requires_python, file.requires_python);
    like(before_.upload_time, file.upload_time);
    if (file.yanked) out_.text(file.yanked_reason);
    if (file.metadata_digest) out_.raw(raw_text(*file.metadata_digest));
  }

 private:
  void like(std::string& before, std::string_view text) {
    out_.text_after(before, text);
    before = text;
  }

  ByteWriter out_{};
  Model before_{};
};

digest::Digest read_digest(ByteReader& in) {
  std::array<std::byte, kDigestBytes> bytes{};
  std::ranges::transform(in.raw(kDigestBytes), bytes.begin(),
                         [](char c) { return static_cast<std::byte>(c); });
  return digest::Digest(bytes);
}

void read_path(ByteReader& in, unsigned flags, Model& model, File& file) {
  in.text_after(model.folder);
  file.url.path = model.folder;
  if ((flags & kFolderIsDigest) != 0) {
    const std::string digest = in.hex(kDigestBytes);
    if (!in.good()) return;
    file.url.path.append(digest, 0, 2).append("/").append(digest, 2, 2).append("/");
    file.url.path.append(digest, 4).append("/");
  }
  if ((flags & kNamedLikeFile) != 0)
    file.url.path += url::percent_encode(file.file_name);
  else
    file.url.path += in.text();
  if ((flags & kHasQuery) != 0) file.url.query = in.text();
}

void read_hashes(ByteReader& in, unsigned flags, File& file) {
  if ((flags & kSha256Alone) != 0) {
    file.hashes.push_back({.algorithm = "sha256", .hex = in.hex(kDigestBytes)});
    return;
  }
  for (auto count = in.number(); count > 0 && in.good(); --count) {
    const auto algorithm = in.text();
    file.hashes.push_back({.algorithm = std::string(algorithm), .hex = std::string(in.text())});
  }
}

// Nothing when the bytes end early or make no sense.
std::optional<File> read_file(ByteReader& in, Model& model, const std::vector<url::Url>& sites) {
  const unsigned flags = in.byte();
  in.text_after(model.file_name);
  const std::uint64_t site = in.number();
  if (site >= sites.size()) return std::nullopt;
  File file{.file_name = model.file_name, .url = sites[static_cast<std::size_t>(site)]};
  read_path(in, flags, model, file);
  read_hashes(in, flags, file);
  if ((flags & kHasSize) != 0) file.size_bytes = in.number();
  in.text_after(model.requires_python);
  file.requires_python = model.requires_python;
  in.text_after(model.upload_time);
  file.upload_time = model.upload_time;
  file.yanked = (flags & kYanked) != 0;
  if (file.yanked) file.yanked_reason = in.text();
  file.has_metadata = (flags & kHasMetadata) != 0;
  if ((flags & kHasMetadataDigest) != 0) file.metadata_digest = read_digest(in);
  return in.good() ? std::optional(std::move(file)) : std::nullopt;
}

Model model_of(const GroupedFiles& files) {
  for (std::size_t i = files.versions().size(); i-- > 0;) {
    if (files.group(i).empty()) continue;
    const File& newest = files.group(i).front();
    return {.file_name = newest.file_name,
            .folder = std::string(split_path(newest.url.path).folder),
            .requires_python = newest.requires_python,
            .upload_time = newest.upload_time};
  }
  return {};
}

Model read_model(ByteReader& in) {
  Model model;
  for (auto* text : {&model.file_name, &model.folder, &model.requires_python, &model.upload_time})
    *text = in.text();
  return model;
}

}  // namespace

std::string StoredPage::encode(const Head& head, const GroupedFiles& files) {
  const Model model = model_of(files);
  Encoder blocks;
  ByteWriter table;
  std::vector<url::Url> sites;
  for (std::size_t i = 0; i < files.versions().size(); ++i) {
    const std::size_t begin = blocks.out().bytes().size();
    blocks.start_block(model);
    for (const File& file : files.group(i)) {
      auto site = std::ranges::find_if(
          sites, [&](const url::Url& known) { return known.same_origin(file.url); });
      if (site == sites.end())
        site = sites.insert(
            site, {.scheme = file.url.scheme, .host = file.url.host, .port = file.url.port});
      blocks.add(file, static_cast<std::size_t>(site - sites.begin()));
    }
    table.text(to_string(files.versions()[i]));
    table.number(files.group(i).size());
    table.number(blocks.out().bytes().size() - begin);
  }

  ByteWriter out;
  out.raw(kFormat);
  out.byte(head.exists ? 1 : 0);
  out.byte(static_cast<unsigned>(head.status));
  out.text(head.status_reason);
  out.text(head.etag);
  out.number(sites.size());
  for (const auto& site : sites) {
    out.text(site.scheme);
    out.text(site.host);
    out.number(site.port);
  }
  for (const auto* text :
       {&model.file_name, &model.folder, &model.requires_python, &model.upload_time})
    out.text(*text);
  out.number(files.versions().size());
  out.raw(table.bytes());
  out.raw(blocks.out().bytes());
  return out.bytes();
}

std::optional<StoredPage> StoredPage::decode(std::string bytes) {
  StoredPage page;
  page.bytes_ = std::move(bytes);
  ByteReader in(page.bytes_);
  if (in.raw(kFormat.size()) != kFormat) return std::nullopt;
  page.head_.exists = in.byte() == 1;
  const unsigned status = in.byte();
  if (status > static_cast<unsigned>(ProjectStatus::quarantined)) return std::nullopt;
  page.head_.status = static_cast<ProjectStatus>(status);
  page.head_.status_reason = in.text();
  page.head_.etag = in.text();
  for (auto count = in.number(); count > 0 && in.good(); --count) {
    url::Url site{.scheme = std::string(in.text())};
    site.host = in.text();
    site.port = static_cast<std::uint16_t>(in.number());
    page.sites_.push_back(std::move(site));
  }
  page.model_at_ = page.bytes_.size() - in.left();
  read_model(in);
  const std::uint64_t count = in.number();
  if (count > in.left()) return std::nullopt;
  page.versions_.reserve(static_cast<std::size_t>(count));
  page.blocks_.reserve(static_cast<std::size_t>(count));
  std::size_t end = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto version = python::Version::parse(in.text());
    Block block{.begin = end, .files = static_cast<std::size_t>(in.number())};
    const std::uint64_t size_bytes = in.number();
    if (!version || !in.good() || size_bytes > page.bytes_.size()) return std::nullopt;
    end += static_cast<std::size_t>(size_bytes);
    page.versions_.push_back(*std::move(version));
    page.blocks_.push_back(block);
  }
  if (!in.good() || in.left() != end) return std::nullopt;
  page.blocks_at_ = page.bytes_.size() - in.left();
  return page;
}

void StoredPage::lend_credentials(const url::Url& page) {
  for (auto& site : sites_) {
    if (!site.same_origin(page)) continue;
    site.username = page.username;
    site.password = page.password;
  }
}

std::vector<File> StoredPage::files(std::size_t position) const {
  const Block& block = blocks_.at(position);
  const std::string_view bytes = bytes_;
  ByteReader model_in(bytes.substr(model_at_));
  Model model = read_model(model_in);
  ByteReader in(bytes.substr(blocks_at_ + block.begin));
  std::vector<File> files;
  files.reserve(std::min(block.files, in.left()));
  while (files.size() < block.files) {
    auto file = read_file(in, model, sites_);
    if (!file) break;
    files.push_back(*std::move(file));
  }
  return files;
}

}  // namespace cogbuild::pypi
