#include "plain_types.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::schema {
namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxSteps = 10'000;  // names may stand for one another many times over

constexpr auto kTypingNames = std::to_array<std::string_view>(
    {"Annotated", "Any", "AsyncIterator", "Dict", "Iterator", "List", "Optional", "Union"});
constexpr auto kCogNames = std::to_array<std::string_view>(
    {"AsyncConcatenateIterator", "ConcatenateIterator", "File", "Opaque", "Path", "Secret"});

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The plain name of what a module of the library or of Python calls `name`; empty for others.
std::string plain_name(const std::string& module, const std::string& name) {
  if (module == "typing" || module == "typing_extensions")
    return contains(kTypingNames, name) ? name : "";
  if (module == "cog" || module == "cog.types") return contains(kCogNames, name) ? name : "";
  if (module == "collections.abc" || module == "collections")
    return name == "Iterator" || name == "AsyncIterator" ? name : "";
  if (module == "pathlib")
    return name == "Path" || name == "PosixPath" || name == "PurePath" ? "Path" : "";
  if (module == "os") return name == "PathLike" ? "Path" : "";
  return {};
}

std::string plain_name(const std::string& name, const ImportTable& imports) {
  if (const Origin* origin = imports.find(name))
    return origin->is_module() ? "" : plain_name(origin->module, origin->original);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos) {
    const Origin* origin = imports.find(name.substr(0, dot));
    return origin == nullptr ? "" : plain_name(origin->module, name.substr(dot + 1));
  }
  for (const std::string& module : imports.stars())
    if (std::string plain = plain_name(module, name); !plain.empty()) return plain;
  return {};
}

class Plainer {
 public:
  explicit Plainer(const SourceFile& file) : file_(file) {}

  Annotation run(const Annotation& annotation, int depth);

 private:
  Annotation run_name(Annotation annotation, int depth);
  Annotation run_generic(Annotation annotation);
  bool is_opaque(const Annotation& annotated) const;

  const SourceFile& file_;
  std::size_t steps_ = 0;
};

// A union's members, those of unions in it among them, each name once.
class Members {
 public:
  void add(Annotation member) {
    const bool optional = member.form == Annotation::Form::generic && member.name == "Optional";
    const bool is_union = member.form == Annotation::Form::one_of ||
                          (member.form == Annotation::Form::generic && member.name == "Union");
    if (!optional && !is_union) {
      if (member.form != Annotation::Form::name || names_.insert(member.name).second)
        members_.push_back(std::move(member));
      return;
    }
    const std::size_t offset = member.offset;
    for (Annotation& inner : member.arguments) add(std::move(inner));
    if (optional) add(Annotation{.name = "None", .offset = offset});
  }
  std::vector<Annotation> take() { return std::move(members_); }

 private:
  std::vector<Annotation> members_{};
  std::set<std::string> names_{};
};

Annotation flat_union(Annotation annotation) {
  Annotation out{.form = Annotation::Form::one_of, .offset = annotation.offset};
  Members members;
  members.add(std::move(annotation));
  out.arguments = members.take();
  return out;
}

bool Plainer::is_opaque(const Annotation& annotated) const {
  for (std::size_t at = 1; at < annotated.arguments.size(); ++at)
    if (annotated.arguments[at].is_name("Opaque")) return true;
  return false;
}

Annotation Plainer::run_name(Annotation annotation, int depth) {
  if (std::string name = plain_name(annotation.name, file_.imports); !name.empty())
    annotation.name = std::move(name);
  if (annotation.name == "list" || annotation.name == "List") {
    annotation.form = Annotation::Form::generic;
    annotation.arguments.push_back({.name = "Any", .offset = annotation.offset});
    return annotation;
  }
  const syntax::Node alias = file_.constants.expression(annotation.name);
  if (!alias) return annotation;
  std::optional<Annotation> meant = read_annotation_freely(alias);
  if (!meant) return annotation;
  return run(*meant, depth + 1);
}

Annotation Plainer::run_generic(Annotation annotation) {
  if (std::string name = plain_name(annotation.name, file_.imports); !name.empty())
    annotation.name = std::move(name);
  if (annotation.name == "Annotated" && !is_opaque(annotation)) {
    Annotation inner = std::move(annotation.arguments.front());
    return inner;
  }
  if (annotation.name == "Union") return flat_union(std::move(annotation));
  return annotation;
}

Annotation Plainer::run(const Annotation& annotation, int depth) {
  Annotation out{.form = annotation.form, .name = annotation.name, .offset = annotation.offset};
  if (depth > kMaxDepth || ++steps_ > kMaxSteps) return out;
  for (const Annotation& argument : annotation.arguments)
    out.arguments.push_back(run(argument, depth + 1));
  if (out.form == Annotation::Form::name) return run_name(std::move(out), depth);
  if (out.form == Annotation::Form::generic) return run_generic(std::move(out));
  return flat_union(std::move(out));
}

}  // namespace

ImportTable plain_imports() {
  ImportTable out;
  for (const std::string_view name : kTypingNames)
    out.bind(std::string(name), {"typing", std::string(name)});
  for (const std::string_view name : kCogNames)
    out.bind(std::string(name), {"cog", std::string(name)});
  return out;
}

Annotation plain(const Annotation& annotation, const SourceFile& file) {
  return Plainer(file).run(annotation, 0);
}

}  // namespace cogbuild::schema
