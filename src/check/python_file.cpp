#include <cogbuild/check/subject.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace cogbuild::check {

bool PythonFile::mentions(std::initializer_list<std::string_view> words) const {
  // memmem, since its search is some ten times as fast as that of std::string_view.
  return std::any_of(words.begin(), words.end(), [this](std::string_view word) {
    return ::memmem(text_.data(), text_.size(), word.data(), word.size()) != nullptr;
  });
}

const syntax::Module* PythonFile::module() const {
  if (!parsed_) {
    parsed_ = true;
    if (auto parsed = syntax::Module::parse(path_, text_)) module_ = *std::move(parsed);
  }
  return module_.get();
}

const syntax::Names& PythonFile::names() const {
  if (!names_)
    names_.emplace(module() == nullptr ? std::vector<syntax::Import>{}
                                       : syntax::imports(*module()));
  return *names_;
}

const PythonFile* Subject::python_file(std::string_view path) const {
  const auto found = std::find_if(
      python.begin(), python.end(),
      [path](const std::unique_ptr<PythonFile>& file) { return file->path() == path; });
  return found == python.end() ? nullptr : found->get();
}

}  // namespace cogbuild::check
