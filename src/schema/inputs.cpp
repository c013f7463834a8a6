#include "inputs.hpp"

#include "input_types.hpp"
#include "plain_types.hpp"
#include "shared_inputs.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

// Of one signature: names make it cheap to ask for more.
constexpr std::size_t kMaxValues = 200'000;

std::size_t count(const Literal::List& items);

std::size_t count(const Literal& value) {
  if (const auto* items = std::get_if<Literal::List>(&value.value)) return 1 + count(*items);
  const auto* pairs = std::get_if<Literal::Pairs>(&value.value);
  std::size_t out = 1;
  if (pairs != nullptr)
    for (const auto& [key, item] : *pairs) out += count(key) + count(item);
  return out;
}

std::size_t count(const Literal::List& items) {
  std::size_t out = 0;
  for (const Literal& item : items) out += count(item);
  return out;
}

class Reader {
 public:
  Reader(const SourceFile& file, Models& models, Evaluator& evaluator, Faults& faults,
         std::vector<Error>& warnings)
      : file_(file), models_(models), evaluator_(evaluator), faults_(faults), warnings_(warnings) {}

  void read(const Node& name, const Node& type, const Node& value, std::vector<Input>& out);
  [[nodiscard]] bool is_full() const { return values_ > kMaxValues; }

 private:
  Result<InputType> read_type(const Node& type);
  void read_value(const Node& value, Input& input);
  std::optional<InputCall> find_call(const Node& value);
  void apply(InputCall call, const Node& value, Input& input);

  const SourceFile& file_;
  Models& models_;
  Evaluator& evaluator_;
  Faults& faults_;
  std::vector<Error>& warnings_;
  std::set<std::string> names_{};
  std::size_t values_ = 0;
};

Result<InputType> Reader::read_type(const Node& type) {
  if (const auto annotation = read_annotation(type)) {
    auto read = input_type(*annotation, TypeScope{file_, file_.imports, models_});
    if (read) return read;
  }
  const auto annotation = read_annotation_freely(type);
  if (!annotation)
    return fail(
        Error(ErrorKind::config, fmt::format("`{}` is no type that an input can have", type.text()))
            .at(type.location())
            .hint("use str, int, float, bool, Path, Secret, dict, a list of these, or "
                  "Optional of one"));
  const ImportTable imports = plain_imports();
  return input_type(plain(*annotation, file_),
                    TypeScope{file_, imports, models_, Reading::as_python});
}

std::optional<InputCall> Reader::find_call(const Node& value) {
  if (is_input_call_in_python(value, file_))
    return read_input_call(value, file_, evaluator_, faults_);
  return shared_input(value, file_, evaluator_);
}

void Reader::apply(InputCall call, const Node& value, Input& input) {
  const Primitive primitive = base_primitive(input.type);
  if (call.accept && primitive != Primitive::path && primitive != Primitive::file)
    faults_.add(
        Error(ErrorKind::config, fmt::format("`accept` of `{}`, which is no file", input.name))
            .at(value.location())
            .hint("make it a `Path`, or take `accept` away"));
  const bool limits = !call.choices.empty() || call.minimum || call.maximum || call.min_length ||
                      call.max_length || call.pattern;
  if (limits && input.type.kind == InputType::Kind::one_of)
    faults_.add(Error(ErrorKind::config,
                      fmt::format("`{}` is of several types and cannot have limits", input.name))
                    .at(value.location())
                    .hint("take the limits away, or give it one type"));
  input.default_value = std::move(call.default_value);
  input.description = std::move(call.description);
  input.minimum = call.minimum;
  input.maximum = call.maximum;
  input.min_length = call.min_length;
  input.max_length = call.max_length;
  input.pattern = std::move(call.pattern);
  input.choices = std::move(call.choices);
  input.deprecated = call.deprecated;
  input.accept = std::move(call.accept);
}

void Reader::read_value(const Node& value, Input& input) {
  if (const Node ignored = ignored_default(value, file_))
    warnings_.push_back(
        Error(ErrorKind::config,
              fmt::format("the default of `{}` has no name: callers will have to give a value",
                          input.name))
            .at(ignored.location())
            .hint(fmt::format("write `default={}`", ignored.text())));
  if (auto call = find_call(value)) {
    apply(std::move(*call), value, input);
    return;
  }
  input.default_value = read_default(value, file_.constants);
  if (input.default_value) return;
  if (auto call = shared_input_in_python(value, file_, evaluator_, faults_)) {
    apply(std::move(*call), value, input);
    return;
  }
  input.default_value = evaluator_.value(value, file_);
  if (input.default_value) return;
  faults_.add(Error(ErrorKind::config,
                    fmt::format("the default of `{}` is known only when the code runs", input.name))
                  .at(value.location())
                  .hint("write a literal (a string, a number, True, False, None, a list) or "
                        "`Input(…)`"));
}

void Reader::read(const Node& name, const Node& type, const Node& value, std::vector<Input>& out) {
  Input input{.name = std::string(name.text()),
              .location = name.location(),
              .annotation = std::string(type.text())};
  auto read = read_type(type);
  if (read)
    input.type = std::move(*read);
  else
    faults_.add(std::move(read).error());
  if (value) read_value(value, input);
  if (!names_.insert(input.name).second)
    faults_.add(Error(ErrorKind::config, fmt::format("there are two parameters `{}`", input.name))
                    .at(input.location)
                    .hint("rename one"));
  values_ += count(input.choices) + (input.default_value ? count(*input.default_value) : 0);
  if (is_full())
    faults_.add(Error(ErrorKind::config,
                      fmt::format("the choices and defaults have more than {} values", kMaxValues))
                    .at(input.location)
                    .hint("take a string where nearly everything may be chosen"));
  out.push_back(std::move(input));
}

// Of `name: type`; no node for `*args: type`.
Node name_of(const Node& typed_parameter) {
  for (const Node& child : typed_parameter.named_children())
    if (child.is("identifier")) return child;
  return {};
}

Error not_by_name(const Node& parameter) {
  return Error(ErrorKind::config,
               fmt::format("`{}` takes values without names of their own", parameter.text()))
      .at(parameter.location())
      .hint("make each a parameter with a type");
}

}  // namespace

std::vector<Input> read_inputs(const Callable& callable, Models& models, Evaluator& evaluator,
                               Faults& faults, std::vector<Error>& warnings) {
  std::vector<Input> out;
  Reader reader(*callable.file, models, evaluator, faults, warnings);
  const std::string_view function = callable.function.field("name").text();
  bool first = true;
  for (const Node& parameter : callable.function.field("parameters").named_children()) {
    if (parameter.is("comment")) continue;
    if (reader.is_full()) break;
    const bool is_self = std::exchange(first, false) && parameter.text() == "self";
    if (parameter.is("typed_default_parameter")) {
      reader.read(parameter.field("name"), parameter.field("type"), parameter.field("value"), out);
    } else if (parameter.is("typed_parameter")) {
      if (const Node name = name_of(parameter))
        reader.read(name, parameter.field("type"), {}, out);
      else
        faults.add(not_by_name(parameter));
    } else if (parameter.is("default_parameter")) {
      const std::string_view name = parameter.field("name").text();
      faults.add(Error(ErrorKind::config, fmt::format("`{}` of `{}` has no type", name, function))
                     .at(parameter.location())
                     .hint(fmt::format("write `{}: str = …`, with the type it has", name)));
    } else if (parameter.is("identifier") && !is_self) {
      warnings.push_back(
          Error(ErrorKind::config, fmt::format("`{}` of `{}` has no type and becomes no input",
                                               parameter.text(), function))
              .at(parameter.location())
              .hint(fmt::format("write `{}: str`, with the type it has", parameter.text())));
    }
  }
  return out;
}

}  // namespace cogbuild::schema
