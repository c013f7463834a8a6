#include "opened_pictures.hpp"

#include "file_functions.hpp"
#include "parameter_source.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::check {
namespace {

using PathNames = std::set<std::string, std::less<>>;

// A function under study and which of its names hold the path of an input.
struct Task {
  syntax::Node function{};
  PathNames paths{};
};

// What happens in a function, by the offset at which it takes effect.
struct Event {
  enum class Kind { call, assign };
  std::size_t offset = 0;
  Kind kind = Kind::call;
  syntax::Node target{};  // the call; the name that is bound
  syntax::Node source{};  // what is bound to it
};

bool is_path_type(const schema::InputType& type) {
  if (type.kind == schema::InputType::Kind::array)
    return !type.of.empty() && is_path_type(type.of.front());
  return type.kind == schema::InputType::Kind::primitive &&
         (type.primitive == schema::Primitive::path || type.primitive == schema::Primitive::file);
}

// Functions whose result is their first argument, as far as the file goes.
bool keeps_path(std::string_view callee) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"str", "Path", "pathlib.Path", "cog.Path", "open", "os.fspath", "os.path.abspath",
       "os.path.realpath", "list", "sorted", "tuple", "reversed"});
  return std::find(kNames.begin(), kNames.end(), callee) != kNames.end();
}

// Whether an expression is the path of an input, an open file of it, or a list of such.
bool is_path(const syntax::Node& expression, const PathNames& paths) {
  std::vector<syntax::Node> open = {expression};
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    if (node.is("identifier")) {
      if (paths.contains(node.text())) return true;
    } else if (node.is("call")) {
      if (!keeps_path(syntax::dotted_name(node.field("function")))) continue;
      const auto given = syntax::arguments(node);
      if (!given.empty() && given[0].name.empty()) open.push_back(given[0].value);
    } else if (node.is("subscript")) {
      open.push_back(node.field("value"));
    } else if (node.is("conditional_expression")) {
      // `a if condition else b`: the condition is no value of it.
      const auto parts = node.named_children();
      for (std::size_t i = 0; i < parts.size(); i += 2) open.push_back(parts[i]);
    } else if (node.is("parenthesized_expression") || node.is("list") || node.is("tuple") ||
               node.is("boolean_operator")) {
      for (const auto& child : node.named_children()) open.push_back(child);
    }
  }
  return false;
}

void add_bindings(const syntax::Node& node, std::vector<Event>& events) {
  const auto bind = [&](std::size_t offset, const syntax::Node& target,
                        const syntax::Node& source) {
    if (target.is("identifier")) events.push_back({offset, Event::Kind::assign, target, source});
  };
  if (node.is("assignment")) {
    bind(node.end(), node.field("left"), node.field("right"));
  } else if (node.is("for_statement")) {
    bind(node.field("body").begin(), node.field("left"), node.field("right"));
  } else if (node.is("for_in_clause")) {
    // The body of a comprehension stands before its clauses.
    bind(node.parent().begin(), node.field("left"), node.field("right"));
  } else if (node.is("as_pattern")) {
    const auto parts = node.named_children();
    if (parts.size() == 2) bind(node.end(), parts[1].first_named_child(), parts[0]);
  }
}

std::vector<Event> events_of(const syntax::Node& function) {
  std::vector<Event> events;
  syntax::walk(function.field("body"), [&](const syntax::Node& node) {
    if (node.is("call"))
      events.push_back({node.begin(), Event::Kind::call, node, {}});
    else
      add_bindings(node, events);
    return !node.is("class_definition");
  });
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return a.offset < b.offset || (a.offset == b.offset && a.kind > b.kind);
  });
  return events;
}

class Search {
 public:
  Search(const PythonFile& file, const syntax::Module& module) : file_(file), functions_(module) {}

  std::vector<OpenedPicture> run(Task first) {
    tasks_.push_back(std::move(first));
    while (!tasks_.empty()) {
      auto task = std::move(tasks_.back());
      tasks_.pop_back();
      std::string key = std::to_string(task.function.begin());
      for (const auto& name : task.paths) key.append(1, ' ').append(name);
      if (seen_.size() < kMostTasks && seen_.insert(std::move(key)).second) study(task);
    }
    std::sort(found_.begin(), found_.end(),
              [](const auto& a, const auto& b) { return a.call.begin() < b.call.begin(); });
    found_.erase(std::unique(found_.begin(), found_.end(),
                             [](const auto& a, const auto& b) { return a.call == b.call; }),
                 found_.end());
    return std::move(found_);
  }

 private:
  // Each pair of a function and a set of names is studied once; recursion in odd code ends here.
  static constexpr std::size_t kMostTasks = 50;

  void study(Task& task) {
    for (const auto& event : events_of(task.function)) {
      if (event.kind == Event::Kind::call) {
        see_call(event.target, task);
      } else if (is_path(event.source, task.paths)) {
        task.paths.insert(std::string(event.target.text()));
      } else if (const auto known = task.paths.find(event.target.text());
                 known != task.paths.end()) {
        task.paths.erase(known);
      }
    }
  }

  void see_call(const syntax::Node& call, const Task& task) {
    const auto given = syntax::arguments(call);
    const bool on_path =
        !given.empty() && given[0].name.empty() && is_path(given[0].value, task.paths);
    const auto callee = file_.names().resolve(call.field("function"));
    if (on_path && callee == "PIL.Image.open")
      found_.push_back({PictureReader::pillow, call, task.function});
    else if (on_path && callee == "cv2.imread")
      found_.push_back({PictureReader::opencv, call, task.function});
    else
      follow(callee, given, task);
  }

  // Into a function of the file that is handed a path.
  void follow(std::string_view callee, const std::vector<syntax::Argument>& given,
              const Task& task) {
    const auto function = functions_.find(callee);
    if (!function) return;
    Task next{.function = function};
    const auto names = parameters_for(function, callee, given);
    for (std::size_t i = 0; i < given.size(); ++i)
      if (!names[i].empty() && is_path(given[i].value, task.paths)) next.paths.emplace(names[i]);
    if (!next.paths.empty()) tasks_.push_back(std::move(next));
  }

  const PythonFile& file_;
  FileFunctions functions_;
  std::vector<Task> tasks_{};
  std::set<std::string> seen_{};
  std::vector<OpenedPicture> found_{};
};

}  // namespace

std::vector<OpenedPicture> opened_pictures(const Subject& subject) {
  if (!subject.predict) return {};
  const auto* const file = subject.python_file(subject.predict->file);
  if (file == nullptr || !file->mentions({"PIL", "cv2"})) return {};
  const auto function = definition_of(subject, *subject.predict);
  if (!function) return {};
  Task first{.function = function};
  for (const auto& input : subject.predict->inputs)
    if (is_path_type(input.type)) first.paths.insert(input.name);
  if (first.paths.empty()) return {};
  return Search(*file, *file->module()).run(std::move(first));
}

}  // namespace cogbuild::check
