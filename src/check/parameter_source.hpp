#pragma once

#include <cogbuild/check/subject.hpp>
#include <cogbuild/schema/signature.hpp>
#include <cogbuild/syntax/module.hpp>

#include <string_view>
#include <vector>

namespace cogbuild::check {

// Where a parameter stands in the source. Nodes are missing where the file is not among the
// project's, or where the parameter has no such part.
struct ParameterSource {
  syntax::Node name{};
  syntax::Node value{};  // what stands after `=`
  syntax::Node call{};   // the value where it calls something named Input

  // The argument of `Input(…)` by that keyword; no node without one.
  [[nodiscard]] syntax::Node option(std::string_view keyword) const;
  // Whether what the caller sees stands here in full: nothing, a plain value, or an `Input(…)`
  // without `**`; not an input that is made elsewhere.
  [[nodiscard]] bool is_plain() const;
};

// Of every input of the signature, in their order.
std::vector<ParameterSource> parameter_sources(const Subject& subject,
                                               const schema::Signature& signature);

// The `def` of the signature's callable; no node where its file is not among the project's.
syntax::Node definition_of(const Subject& subject, const schema::Signature& signature);

// Calls `visit` with the signature of the predictor, then of the trainer, as far as they are there.
template <class Visit>
void for_each_signature(const Subject& subject, Visit visit) {
  if (subject.predict) visit(*subject.predict);
  if (subject.train) visit(*subject.train);
}

}  // namespace cogbuild::check
