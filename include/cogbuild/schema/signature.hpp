#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cogbuild::schema {

// Which callable of a project is described.
enum class Mode { predict, train };

enum class Primitive { boolean, number, integer, string, path, file, secret, any };

// A Python literal as the source has it. Strings are raw: Cog's reader processes no escapes.
struct Literal {
  using List = std::vector<Literal>;
  using Pairs = std::vector<std::pair<Literal, Literal>>;  // of a dict, in its order
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Pairs> value{};

  [[nodiscard]] bool is_none() const { return std::holds_alternative<std::monostate>(value); }
  friend bool operator==(const Literal&, const Literal&) = default;
};

struct InputType {
  enum class Kind { primitive, any, array, one_of };
  Kind kind = Kind::primitive;
  Primitive primitive = Primitive::any;  // of kind primitive
  std::vector<InputType> of{};           // array: the one type of its items; one_of: the types
  bool nullable = false;
  friend bool operator==(const InputType&, const InputType&) = default;
};

// One parameter.
struct Input {
  std::string name{};
  SourceLocation location{};  // of the name
  InputType type{};
  std::string annotation{};  // as written
  std::optional<Literal> default_value{};
  std::optional<std::string> description{};
  std::optional<double> minimum{};  // ge
  std::optional<double> maximum{};  // le
  std::optional<std::uint64_t> min_length{};
  std::optional<std::uint64_t> max_length{};
  std::optional<std::string> pattern{};  // regex
  std::vector<Literal> choices{};
  std::optional<bool> deprecated{};
  std::optional<std::string> accept{};

  // Whether the schema lists it as required (spec/cog.md 5.2).
  [[nodiscard]] bool is_required() const;
  // Whether null is a value of it: Optional, and a Secret whose default is None.
  [[nodiscard]] bool is_nullable() const;
};

// A template only because the two types hold one another: clang takes no vector of a type that is
// not whole yet.
template <class Type>
struct FieldOf {
  std::string name{};
  Type type{};
  bool required = true;
};

struct OutputType {
  enum class Kind { primitive, any, array, dictionary, object, iterator, concatenate_iterator };
  Kind kind = Kind::any;
  Primitive primitive = Primitive::any;       // of kind primitive
  std::vector<OutputType> of{};               // the one type of items or values; empty: any object
  std::vector<FieldOf<OutputType>> fields{};  // of kind object
  bool nullable = false;
};

using OutputField = FieldOf<OutputType>;

// What a caller of the model sees of it, read from the source without running it.
struct Signature {
  Mode mode = Mode::predict;
  std::string file{};        // the one that defines the callable, relative to the project's root
  std::string class_name{};  // empty for a function
  std::string function{};    // `run`, `predict`, `train`, …
  std::string
      docstring{};  // of the class, else of the function, else of the module; first paragraph
  SourceLocation location{};  // of the callable's name
  std::vector<Input> inputs{};
  OutputType output{};
  bool streaming = false;                // @cog.streaming
  bool asynchronous = false;             // async def
  std::optional<int> concurrency_max{};  // @cog.concurrent(max=…)
  std::vector<Error> warnings{};         // a deprecated `predict`; located
};

// Reads the callable that `reference` (`file.py:Name`) names, and what it needs of the project's
// other files, as Cog's static generator does (spec/cog.md 5.1 to 5.3); Python never runs and no
// file outside the tree is read. All faults of the signature are reported together, each with file,
// line and column. Errors: config; not_found where the file does not exist; io.
Result<Signature> read_signature(const io::Tree& project, const std::string& reference, Mode mode);

}  // namespace cogbuild::schema
