#include "signature_facts.hpp"

#include "flat_errors.hpp"

#include <cogbuild/schema/signature.hpp>

#include <utility>

namespace cogbuild::check {

void read_signatures(const io::Tree& project, Subject& subject) {
  if (!subject.config) return;
  const auto read = [&](const std::string& reference, schema::Mode mode,
                        std::optional<schema::Signature>& signature, std::vector<Error>& faults) {
    if (reference.empty()) return;
    if (auto result = schema::read_signature(project, reference, mode))
      signature = *std::move(result);
    else
      append_flat(result.error(), faults);
  };
  read(*subject.config->predict, schema::Mode::predict, subject.predict, subject.predict_faults);
  read(*subject.config->train, schema::Mode::train, subject.train, subject.train_faults);
}

}  // namespace cogbuild::check
