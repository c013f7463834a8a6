#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/scaffold/write_project.hpp>

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace cogbuild::scaffold {

namespace {

namespace fs = std::filesystem;

// Links count as what is in the way, wherever they lead.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool holds(const fs::path& path, const std::string& content) {
  std::error_code ignored;
  if (!fs::is_regular_file(fs::symlink_status(path, ignored))) return false;
  const auto found = io::read_file(path);
  return found && *found == content;
}

// What stands where a directory of the project has to be: nothing, or the path of a file or link. A
// link to a directory counts: files below it would be written somewhere else.
std::optional<std::string> blocked_by(const fs::path& directory, const fs::path& path) {
  fs::path above;
  for (const auto& part : path.parent_path()) {
    above /= part;
    std::error_code ignored;
    const auto status = fs::symlink_status(directory / above, ignored);
    if (fs::exists(status) && !fs::is_directory(status)) return above.string();
  }
  return std::nullopt;
}

struct Sorted {
  std::vector<const NewFile*> missing{};
  std::vector<std::string> kept{};
};

Result<Sorted> look(const std::vector<NewFile>& files, const fs::path& directory) {
  if (is_there(directory) && !is_folder(directory))
    return fail(
        Error(ErrorKind::conflict, fmt::format("{} is not a directory", directory.string())));
  Sorted sorted;
  std::vector<std::string> in_the_way;
  for (const auto& file : files) {
    if (auto blocking = blocked_by(directory, file.path)) {
      if (in_the_way.empty() || in_the_way.back() != *blocking)
        in_the_way.push_back(*std::move(blocking));
    } else if (!is_there(directory / file.path)) {
      sorted.missing.push_back(&file);
    } else if (file.gives_way || holds(directory / file.path, file.content)) {
      sorted.kept.push_back(file.path);
    } else {
      in_the_way.push_back(file.path);
    }
  }
  if (in_the_way.empty()) return sorted;
  return fail(Error(ErrorKind::conflict, fmt::format("in the way, with other contents: `{}`",
                                                     fmt::join(in_the_way, "`, `")))
                  .hint("nothing was written; move them away, or choose another directory"));
}

// Takes back what was made, unless the project was finished.
class Undo {
 public:
  Undo() = default;
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    std::error_code ignored;
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) fs::remove(*path, ignored);
  }
  void made(fs::path path) { paths_.push_back(std::move(path)); }
  void keep() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_{};
};

Result<void> make_directories(const fs::path& directory, Undo& undo) {
  if (directory.empty() || is_folder(directory)) return {};
  TRY(make_directories(directory.parent_path(), undo));
  std::error_code code;
  if (!fs::create_directory(directory, code) && code)
    return fail(Error(ErrorKind::io, fmt::format("cannot create the directory {}: {}",
                                                 directory.string(), code.message())));
  undo.made(directory);
  return {};
}

}  // namespace

Result<Written> write_project(const std::vector<NewFile>& files,
                              const std::filesystem::path& directory) {
  TRY_ASSIGN(auto sorted, look(files, directory));
  Undo undo;
  std::vector<std::unique_ptr<io::AtomicFile>> waiting;
  for (const auto* const file : sorted.missing) {
    const auto target = directory / file->path;
    TRY(make_directories(target.parent_path(), undo));
    TRY_ASSIGN(auto open, io::AtomicFile::create(target));
    TRY(open->write(io::bytes(file->content)));
    waiting.push_back(std::move(open));
  }
  Written written{{}, std::move(sorted.kept)};
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    TRY(waiting[i]->commit());
    undo.made(directory / sorted.missing[i]->path);
    written.created.push_back(sorted.missing[i]->path);
  }
  undo.keep();
  return written;
}

}  // namespace cogbuild::scaffold
