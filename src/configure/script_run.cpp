#include "script_run.hpp"

#include "script_commands.hpp"
#include "shell_syntax.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace cogbuild::configure {
namespace {

constexpr int kMaxCalls = 20;         // of functions within each other
constexpr int kMaxStatements = 5000;  // followed in all
constexpr std::size_t kMaxScriptBytes = std::size_t{1} << 20U;

Outcome opposite(Outcome outcome) {
  if (outcome == Outcome::unknown) return outcome;
  return outcome == Outcome::yes ? Outcome::no : Outcome::yes;
}

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const auto name = word.substr(0, equals);
  return std::ranges::all_of(name,
                             [](char c) {
                               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                      (c >= '0' && c <= '9') || c == '_';
                             }) &&
         !(name.front() >= '0' && name.front() <= '9');
}

// The default of a question, `Template:` and `Default:` of its stanza; nothing when it is not
// there.
std::optional<std::string> default_answer(std::string_view templates, std::string_view question) {
  bool inside = false;
  while (!templates.empty()) {
    const auto line = next_line(templates);
    if (line.starts_with("Template:")) inside = trim(line.substr(9)) == question;
    if (inside && line.starts_with("Default:")) return std::string(trim(line.substr(8)));
  }
  return std::nullopt;
}

class Follower {
 public:
  Follower(const ScriptCall& call, const WorkingRoot& root, ScriptEffects& effects, bool trusted)
      : call_(call), root_(root), effects_(effects), trusted_(trusted) {
    variables_.arguments = call.arguments;
    variables_.architecture = root.root().architecture;
    variables_.named["DEBIAN_FRONTEND"] = "noninteractive";
    variables_.named["RET"] = std::nullopt;
    variables_.named["PATH"] = std::nullopt;
    variables_.named["DPKG_MAINTSCRIPT_NAME"] = call.name;
    variables_.named["DPKG_MAINTSCRIPT_PACKAGE"] = std::nullopt;
    variables_.named["DPKG_MAINTSCRIPT_ARCH"] = variables_.architecture;
  }

  void follow(const Statement& body) { run(body); }

 private:
  // Once is enough: what is behind it is not looked at.
  void give_up(std::string_view trouble) {
    if (trusted_ || std::exchange(gave_up_, true)) return;
    effects_.unknown.push_back(fmt::format("{}: {}", call_.name, trouble));
  }

  void complain(const Statement& statement) {
    if (trusted_) return;
    auto text = statement.text;
    if (text.size() > 120) text = text.substr(0, 117) + "...";
    for (char& c : text)
      if (static_cast<unsigned char>(c) < ' ') c = ' ';
    effects_.unknown.push_back(fmt::format("{}:{}: {}", call_.name, statement.line, text));
  }

  // Both ways where nobody knows: what either sets is unknown afterwards, and no way ends the
  // script.
  void run_maybe(const Statement& statement) {
    const auto before = variables_.named;
    const bool stopped_before = std::exchange(stopped_, false);
    const auto paths_before = static_cast<std::ptrdiff_t>(effects_.paths.size());
    run(statement);
    stopped_ = stopped_before;
    // A directory too many does no harm; a link or file may.
    const auto is_guess = [](const PathEffect& effect) {
      return effect.type == PathEffectType::link || effect.type == PathEffectType::copy ||
             effect.type == PathEffectType::empty_file;
    };
    auto& paths = effects_.paths;
    paths.erase(std::remove_if(paths.begin() + paths_before, paths.end(), is_guess), paths.end());
    for (auto& [name, value] : variables_.named)
      if (const auto at = before.find(name); at == before.end() || at->second != value)
        value = std::nullopt;
  }

  Outcome run(const Statement& statement) {
    if (stopped_) return Outcome::unknown;
    if (++statements_ > kMaxStatements) {
      give_up("it has too much to do");
      return Outcome::unknown;
    }
    Outcome outcome = Outcome::yes;
    switch (statement.type) {
      case StatementType::command:
        return run_simple(statement);
      case StatementType::sequence:
        for (const auto& child : statement.children) outcome = run(child);
        note_output(statement);
        return outcome;
      case StatementType::both:
      case StatementType::either: {
        outcome = run(statement.children[0]);
        const auto skips = statement.type == StatementType::both ? Outcome::no : Outcome::yes;
        if (outcome == skips) return outcome;
        if (outcome != Outcome::unknown) return run(statement.children[1]);
        run_maybe(statement.children[1]);
        return Outcome::unknown;
      }
      case StatementType::negation:
        return opposite(run(statement.children[0]));
      case StatementType::pipeline:
        // Each part runs in a shell of its own.
        for (const auto& child : statement.children) run_maybe(child);
        return Outcome::unknown;
      case StatementType::branch:
        return run_branch(statement);
      case StatementType::choice:
        return run_choice(statement);
      case StatementType::each:
        return run_each(statement);
      case StatementType::loop:
        run_maybe(statement.children[0]);
        run_maybe(statement.children[1]);
        return Outcome::unknown;
      case StatementType::function:
        functions_[statement.words[0]] = &statement.children[0];
        return Outcome::yes;
    }
    return Outcome::unknown;
  }

  Outcome run_branch(const Statement& statement) {
    const auto condition = run(statement.children[0]);
    if (condition == Outcome::yes) return run(statement.children[1]);
    if (condition == Outcome::no) return run(statement.children[2]);
    run_maybe(statement.children[1]);
    run_maybe(statement.children[2]);
    return Outcome::unknown;
  }

  Outcome run_choice(const Statement& statement) {
    const auto value = expand_one(statement.words[0], variables_);
    for (std::size_t i = 0; i < statement.children.size(); ++i) {
      if (!value.known) {
        run_maybe(statement.children[i]);
        continue;
      }
      const bool matches = std::ranges::any_of(statement.arms[i], [&](const std::string& pattern) {
        return matches_pattern(expand_one(pattern, variables_).text, value.text);
      });
      if (matches) return run(statement.children[i]);
    }
    return value.known ? Outcome::yes : Outcome::unknown;
  }

  Outcome run_each(const Statement& statement) {
    std::vector<Field> values;
    for (std::size_t i = 1; i < statement.words.size(); ++i)
      std::ranges::move(expand(statement.words[i], variables_), std::back_inserter(values));
    for (const auto& value : values) {
      const bool pattern = !value.quoted && value.text.find_first_of("*?[") != std::string::npos;
      if (value.known && !pattern) {
        variables_.named[statement.words[0]] = value.text;
        run(statement.children[0]);
      } else {
        variables_.named[statement.words[0]] = std::nullopt;
        run_maybe(statement.children[0]);
      }
    }
    return Outcome::unknown;
  }

  Outcome call_function(const Statement& body, const std::vector<Field>& fields) {
    if (calls_ == kMaxCalls) {
      give_up("its functions call each other too deeply");
      return Outcome::unknown;
    }
    ++calls_;
    auto arguments = std::exchange(variables_.arguments, {});
    for (std::size_t i = 1; i < fields.size(); ++i) variables_.arguments.push_back(fields[i].text);
    const auto outcome = run(body);
    if (stopped_ && leaving_function_) stopped_ = leaving_function_ = false;
    variables_.arguments = std::move(arguments);
    --calls_;
    return outcome;
  }

  // Output into a file is something done, whatever command wrote it.
  bool note_output(const Statement& statement) {
    for (const auto& one : statement.redirections) {
      if (one.op.front() != '>' && one.op != "<>") continue;
      const auto target = expand_one(one.target, variables_);
      if (one.op == ">&" || target.text == "/dev/null" || target.text == "/dev/stderr" ||
          target.text == "/dev/stdout" || target.text == "/dev/tty" ||
          target.text.starts_with("/var/log/"))
        continue;
      Statement named = statement;
      if (named.text.empty()) named.text = "{ … }";
      named.text += fmt::format(" {} {}", one.op, one.target);
      complain(named);
      return true;
    }
    return false;
  }

  void assign(std::string_view word) {
    const auto equals = word.find('=');
    auto value = expand_one(word.substr(equals + 1), variables_);
    auto& variable = variables_.named[std::string(word.substr(0, equals))];
    if (value.known)
      variable = std::move(value.text);
    else
      variable = std::nullopt;
  }

  Outcome run_simple(const Statement& statement) {
    std::size_t first = 0;
    while (first < statement.words.size() && is_assignment(statement.words[first])) ++first;
    if (first == statement.words.size()) {
      for (const auto& word : statement.words) assign(word);
      note_output(statement);
      return Outcome::yes;
    }
    std::vector<Field> fields;
    for (std::size_t i = first; i < statement.words.size(); ++i)
      std::ranges::move(expand(statement.words[i], variables_), std::back_inserter(fields));
    if (fields.empty()) return Outcome::yes;
    if (note_output(statement)) return Outcome::unknown;
    const auto name = fields[0].text;
    if (const auto at = functions_.find(name); fields[0].known && at != functions_.end())
      return call_function(*at->second, fields);
    if (const auto outcome = run_builtin(name, fields, statement)) return *outcome;
    const auto result = run_command(fields, root_, effects_);
    if (!result.is_known) complain(statement);
    return result.outcome;
  }

  std::optional<Outcome> run_builtin(std::string_view name, const std::vector<Field>& fields,
                                     const Statement& statement) {
    if (name == ":" || name == "true") return Outcome::yes;
    if (name == "false") return Outcome::no;
    if (name == "exit" || name == "return" || name == "break" || name == "continue") {
      if (name == "exit" || name == "return") {
        stopped_ = true;
        leaving_function_ = name == "return" && calls_ > 0;
      }
      return fields.size() > 1 && fields[1].known && fields[1].text != "0" ? Outcome::no
                                                                           : Outcome::yes;
    }
    if (name == "[" || name == "test") {
      std::vector<Field> arguments(fields.begin() + 1, fields.end());
      if (name == "[" && !arguments.empty()) arguments.pop_back();
      return evaluate_test(arguments, root_);
    }
    if (name == "shift") {
      auto& arguments = variables_.arguments;
      if (!arguments.empty()) arguments.erase(arguments.begin());
      return Outcome::yes;
    }
    if (name == "set") {
      if (const auto at = std::ranges::find(fields, "--", &Field::text); at != fields.end()) {
        variables_.arguments.clear();
        for (auto one = at + 1; one != fields.end(); ++one)
          variables_.arguments.push_back(one->text);
      }
      return Outcome::yes;
    }
    if (name == "export" || name == "local" || name == "readonly") {
      for (const auto& word : statement.words)
        if (is_assignment(word)) assign(word);
      return Outcome::yes;
    }
    if (name == "unset") {
      for (const auto& field : fields) variables_.named.erase(field.text);
      return Outcome::yes;
    }
    if (name == "read") {
      for (std::size_t i = 1; i < fields.size(); ++i)
        variables_.named[fields[i].text] = std::nullopt;
      return Outcome::unknown;
    }
    if (name == "eval") {
      complain(statement);
      return Outcome::unknown;
    }
    if (name == "db_get" && fields.size() == 2 && fields[1].known) {
      auto& answer = variables_.named["RET"];
      answer = default_answer(call_.templates, fields[1].text);
      return answer ? Outcome::yes : Outcome::unknown;
    }
    if (name.starts_with("db_")) {
      variables_.named["RET"] = std::nullopt;
      return Outcome::unknown;
    }
    return std::nullopt;
  }

  const ScriptCall& call_;
  const WorkingRoot& root_;
  ScriptEffects& effects_;
  bool trusted_;
  ShellVariables variables_{};
  std::map<std::string, const Statement*, std::less<>> functions_{};
  int calls_ = 0;
  int statements_ = 0;
  bool stopped_ = false;
  bool gave_up_ = false;
  bool leaving_function_ = false;
};

// The script without the blocks that debhelper added, its line numbers kept; and those blocks.
struct Parts {
  std::string own{};
  std::string added{};
};

Parts part_blocks(std::string_view text) {
  Parts parts;
  bool inside = false;
  while (!text.empty()) {
    const auto line = next_line(text);
    const auto trimmed = trim(line);
    if (trimmed.starts_with("# Automatically added by")) inside = true;
    (inside ? parts.added : parts.own) += line;
    parts.own += '\n';
    parts.added += '\n';
    if (trimmed.starts_with("# End automatically added")) inside = false;
  }
  return parts;
}

}  // namespace

void follow_script(std::string_view text, const ScriptCall& call, const WorkingRoot& root,
                   ScriptEffects& effects) {
  std::string_view rest = text.substr(0, 200);
  const auto first = next_line(rest);
  if (text.size() > kMaxScriptBytes) {
    effects.unknown.push_back(fmt::format("{}: it is too long", call.name));
    return;
  }
  const bool is_shell = first.starts_with("#!") && (first.find("sh") != std::string_view::npos) &&
                        first.find("perl") == std::string_view::npos;
  if (!is_shell) {
    effects.unknown.push_back(fmt::format("{}:1: {}", call.name, first.substr(0, 100)));
    return;
  }
  const auto parts = part_blocks(text);
  for (const bool trusted : {false, true}) {
    const auto script = read_script(trusted ? parts.added : parts.own);
    if (!script.trouble.empty() && !trusted)
      effects.unknown.push_back(
          fmt::format("{}:{}: {}", call.name, script.trouble_line, script.trouble));
    Follower(call, root, effects, trusted).follow(script.body);
  }
}

}  // namespace cogbuild::configure
