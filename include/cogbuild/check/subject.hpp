#pragma once

#include <cogbuild/config/config.hpp>
#include <cogbuild/config/settings.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/project/listing.hpp>
#include <cogbuild/python/requirements_file.hpp>
#include <cogbuild/schema/signature.hpp>
#include <cogbuild/syntax/imports.hpp>
#include <cogbuild/syntax/module.hpp>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// A Python file of the project. Its text is read when the subject is made; it is parsed only when a
// rule first asks for the tree, since parsing is by far the dearest step: ask `mentions` first.
class PythonFile {
 public:
  PythonFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  // Whether any of the words stands in the text, as a part of a word or not.
  [[nodiscard]] bool mentions(std::initializer_list<std::string_view> words) const;
  // Nothing where the file cannot be parsed at all (too large).
  [[nodiscard]] const syntax::Module* module() const;
  // Of its imports; empty where it cannot be parsed.
  [[nodiscard]] const syntax::Names& names() const;

 private:
  std::string path_;
  std::string text_;
  mutable bool parsed_ = false;
  mutable std::unique_ptr<syntax::Module> module_{};
  mutable std::optional<syntax::Names> names_{};
};

class LiveCode;

// Everything that rules look at, read once. What could not be read is absent, and a rule says so or
// passes over it: a check goes on as far as it can.
struct Subject {
  const io::Tree* tree = nullptr;
  std::string config_file = "cog.yaml";
  std::string config_text{};
  std::optional<config::Config> config{};
  std::vector<Error> config_faults{};    // of reading it, flat; empty where `config` is there
  std::vector<Error> config_warnings{};  // unknown and deprecated keys
  config::Settings settings{};
  std::optional<project::Listing> listing{};               // what goes into the image
  std::vector<Error> listing_faults{};                     // what a build could not copy
  std::vector<Error> lfs_pointers{};                       // files that Git LFS has not fetched
  std::vector<std::unique_ptr<PythonFile>> python{};       // of the listing, by path
  std::optional<python::RequirementsFile> requirements{};  // of the file, or of python_packages
  std::vector<Error> requirement_faults{};
  std::optional<schema::Signature> predict{};
  std::vector<Error> predict_faults{};  // flat
  std::optional<schema::Signature> train{};
  std::vector<Error> train_faults{};
  std::string readme{};  // README.md or the like at the root; empty without one

  // What the model can come to run; made when a rule first asks (live_code.hpp in src/check).
  mutable std::shared_ptr<const LiveCode> live_code{};

  // The Python file of that path, or nothing.
  [[nodiscard]] const PythonFile* python_file(std::string_view path) const;
};

// Reads a project. Only an unreadable directory is an error (io).
Result<Subject> read_subject(const io::Tree& project, const std::string& config_file);

}  // namespace cogbuild::check
