#include "validate.hpp"

#include <cogbuild/schema/openapi.hpp>

namespace cogbuild::schema {

Result<Described> describe_project(const io::Tree& project, const std::string& predict,
                                   const std::string& train, std::string_view cog_version) {
  if (predict.empty() && train.empty())
    return fail(Error(ErrorKind::config, "the project names no code to run")
                    .hint("name it in cog.yaml: `run: \"run.py:Runner\"`"));
  Described described;
  std::optional<Error> faults;
  const auto read = [&](const std::string& reference, Mode mode, std::optional<Signature>& into) {
    if (reference.empty()) return;
    if (auto signature = read_signature(project, reference, mode))
      into = *std::move(signature);
    else if (faults)
      faults = std::move(*faults).also(std::move(signature).error());
    else
      faults = std::move(signature).error();
  };
  read(predict, Mode::predict, described.predict);
  read(train, Mode::train, described.train);
  if (faults) return fail(*std::move(faults));

  std::vector<const Signature*> signatures;
  if (described.predict) signatures.push_back(&*described.predict);
  if (described.train) signatures.push_back(&*described.train);
  described.document = signatures.size() == 2
                           ? openapi_document(*described.predict, *described.train, cog_version)
                           : openapi_document(*signatures.front(), cog_version);
  TRY(validate_document(described.document, signatures.front()->file, signatures));
  return described;
}

}  // namespace cogbuild::schema
