#include "callable.hpp"
#include "decorators.hpp"
#include "docstring.hpp"
#include "inputs.hpp"
#include "output_types.hpp"
#include "plain_types.hpp"

#include <cogbuild/schema/signature.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

struct Reference {
  std::string file{};
  std::string name{};
};

Result<Reference> parse_reference(const std::string& text, Mode mode) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    return fail(
        Error(ErrorKind::config, fmt::format("`{}` names no file and class", text))
            .hint(mode == Mode::train ? "write `train.py:train`" : "write `run.py:Runner`"));
  const std::optional<std::string> path = clean_path(text.substr(0, colon));
  if (!path)
    return fail(Error(ErrorKind::config, fmt::format("`{}` leads out of the project", text))
                    .hint("name a file of the project, relative to its root"));
  return Reference{*path, text.substr(colon + 1)};
}

Result<const SourceFile*> open_source(ProjectFiles& files, const Reference& reference) {
  auto file = files.open(reference.file);
  if (file || file.error().kind() != ErrorKind::not_found) return file;
  return fail(Error(ErrorKind::not_found, fmt::format("there is no file `{}`", reference.file))
                  .hint(fmt::format("create it, or name another file than `{}:{}` in cog.yaml",
                                    reference.file, reference.name)));
}

Result<OutputType> read_output(const Node& type, const SourceFile& file, Models& models) {
  if (const auto annotation = read_annotation(type)) {
    auto read = output_type(*annotation, TypeScope{file, file.imports, models});
    if (read) return read;
  }
  const auto annotation = read_annotation_freely(type);
  if (!annotation)
    return fail(Error(ErrorKind::config,
                      fmt::format("`{}` is no type that a model can return", type.text()))
                    .at(type.location())
                    .hint("use str, int, float, bool, Path, dict, list[…], Iterator[…] or a "
                          "BaseModel"));
  const ImportTable imports = plain_imports();
  return output_type(plain(*annotation, file),
                     TypeScope{file, imports, models, Reading::as_python});
}

void read_output_or_fault(const Callable& callable, Models& models, Signature& out,
                          Faults& faults) {
  const Node type = callable.function.field("return_type");
  if (!type) {
    faults.add(
        Error(ErrorKind::config, fmt::format("`{}` does not say what it returns", out.function))
            .at(out.location)
            .hint("write the type: `def …(…) -> str:`"));
    return;
  }
  auto output = read_output(type, *callable.file, models);
  if (output)
    out.output = std::move(*output);
  else
    faults.add(std::move(output).error());
}

// Text that is no Python is read as far as it goes, as Cog does; where something else is wrong too,
// this may be the cause.
void tell_syntax_error(const SourceFile& file, Faults& faults, std::vector<Error>& warnings) {
  const Node place = file.module->first_error();
  if (!place) return;
  Error error = Error(ErrorKind::config, "this is not Python").at(place.location());
  if (faults.any())
    faults.add(std::move(error));
  else
    warnings.push_back(std::move(error));
}

}  // namespace

Result<Signature> read_signature(const io::Tree& project, const std::string& reference, Mode mode) {
  TRY_ASSIGN(const Reference parsed, parse_reference(reference, mode));
  ProjectFiles files(project);
  TRY_ASSIGN(const SourceFile* file, open_source(files, parsed));
  Signature out{.mode = mode};
  auto found = find_callable(*file, parsed.name, mode, files, out.warnings);
  if (!found) {
    Faults faults;
    faults.add(std::move(found).error());
    tell_syntax_error(*file, faults, out.warnings);
    return fail(faults.take());
  }
  const Callable callable = std::move(*found);
  const Node name = callable.function.field("name");
  out.file = callable.file->path;
  out.class_name = std::string(callable.class_definition.field("name").text());
  out.function = std::string(name.text());
  out.docstring = first_docstring(callable);
  out.location = name.location();

  Models models(files);
  Evaluator evaluator(files);
  Faults faults;
  out.inputs = read_inputs(callable, models, evaluator, faults, out.warnings);
  const std::size_t faults_of_inputs = faults.size();
  read_output_or_fault(callable, models, out, faults);
  if (faults.size() == faults_of_inputs)
    read_decorators(callable.function, *callable.file, out, faults);
  // One cause of many faults.
  if (faults.any())
    if (auto old = old_style_error(callable.function, *callable.file)) return fail(std::move(*old));
  tell_syntax_error(*callable.file, faults, out.warnings);
  if (faults.any()) return fail(faults.take());
  for (Error& warning : files.take_warnings()) out.warnings.push_back(std::move(warning));
  return out;
}

}  // namespace cogbuild::schema
