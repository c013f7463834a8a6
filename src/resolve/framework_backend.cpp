#include "framework_backend.hpp"

#include <cogbuild/frameworks/build_label.hpp>
#include <cogbuild/frameworks/framework_table.hpp>
#include <cogbuild/python/wheel_name.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace cogbuild::resolve {
namespace {

using frameworks::BuildLabel;
using frameworks::Cuda;
using frameworks::find_tensorflow;
using frameworks::TensorflowRow;
using frameworks::torch_rows;
using frameworks::TorchRow;
using python::Operator;
using python::SpecifierSet;
using python::Version;

constexpr std::string_view kHost = "download.pytorch.org";
constexpr std::array<std::string_view, 5> kFamily = {"torch", "torchvision", "torchaudio",
                                                     "xformers", "flash-attn"};

bool in_family(const Root& root) {
  return std::ranges::find(kFamily, root.name.value()) != kFamily.end();
}

std::vector<const Root*> family_of(const std::vector<Root>& roots) {
  std::vector<const Root*> family;
  for (const Root& root : roots)
    if (in_family(root)) family.push_back(&root);
  return family;
}

std::optional<Version> pinned_version(const SpecifierSet& specifiers) {
  const python::Specifier* pin = specifiers.pin();
  if (pin == nullptr) return std::nullopt;
  if (pin->op != Operator::arbitrary) return pin->version;
  const auto parsed = Version::parse(pin->text);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

// The version that a root fixes, by `==` or by the name of its wheel.
std::optional<Version> fixed_version(const Root& root) {
  if (root.direct.empty()) return pinned_version(root.specifiers);
  const auto location = url::parse(root.direct);
  const auto wheel = python::WheelName::parse(
      location ? location->file_name() : root.direct.substr(root.direct.rfind('/') + 1));
  return wheel ? std::optional(wheel->version) : std::nullopt;
}

struct Labelled {
  const Root* root = nullptr;
  BuildLabel label{};
};

std::vector<Labelled> labels_of(const std::vector<const Root*>& family) {
  std::vector<Labelled> labelled;
  for (const Root* root : family) {
    const auto version = fixed_version(*root);
    if (!version) continue;
    if (auto label = BuildLabel::of(*version)) labelled.push_back({root, *std::move(label)});
  }
  return labelled;
}

Result<void> check_agreement(const std::vector<Labelled>& labelled) {
  for (std::size_t i = 1; i < labelled.size(); ++i) {
    // Against all before: the first may say less than a later one.
    const auto other = std::find_if(
        labelled.begin(), labelled.begin() + static_cast<long>(i),
        [&](const Labelled& earlier) { return !agree(earlier.label, labelled[i].label); });
    if (other == labelled.begin() + static_cast<long>(i)) continue;
    return fail(
        Error(ErrorKind::config,
              fmt::format("`{}` is another build than `{}` ({}): one image holds one CUDA",
                          describe(*labelled[i].root), describe(*other->root), place(*other->root)))
            .at(labelled[i].root->location)
            .hint("give torch and its family the same local label"));
  }
  return {};
}

Result<FrameworkChoice> choose_named(const FrameworkQuestion& question,
                                     const std::vector<Labelled>& labelled) {
  if (question.backend == "none")
    return FrameworkChoice{.reason = "--torch-backend none: torch comes from the usual indexes"};
  const auto named = BuildLabel::of_index(question.backend);
  if (!named)
    return fail(
        Error(ErrorKind::usage, fmt::format("--torch-backend: there is no `{}`", question.backend))
            .hint("use auto, none, cpu, xpu, a CUDA build such as cu118, cu126 or cu128, "
                  "or a ROCm build such as rocm6.4"));
  for (const auto& [root, label] : labelled) {
    if (agree(*named, label)) continue;
    return fail(Error(ErrorKind::config, fmt::format("`{}` is another build than --torch-backend "
                                                     "{} asks for",
                                                     describe(*root), question.backend))
                    .at(root->location)
                    .hint("remove its local label, or the option"));
  }
  return FrameworkChoice{.build = question.backend,
                         .reason = fmt::format("--torch-backend {}", question.backend)};
}

// What the user says himself about where the family comes from; empty: nothing.
std::string own_word(const FrameworkQuestion& question, const std::vector<const Root*>& family) {
  const auto is_site = [&](const url::Url& url) {
    const auto site = url::parse(question.site);
    return url.host == kHost ||
           (site && url.same_origin(*site) && url.path.starts_with(site->path));
  };
  if (question.indexes.indexes.empty()) return "no index is to be asked";
  for (const auto& index : question.indexes.indexes)
    if (is_site(index)) return fmt::format("{} is named as an index", url::to_display(index));
  for (const auto& place : question.indexes.find_links)
    if (const auto parsed = url::parse(place); parsed && is_site(*parsed))
      return fmt::format("{} is named for find-links", url::to_display(*parsed));
  for (const Root* root : family) {
    if (root->name.value() == "torch" && !root->direct.empty())
      return fmt::format("`{}` names its wheel", describe(*root));
    if (!root->hashes.empty())
      return fmt::format("the hashes of `{}` say which files count", describe(*root));
  }
  return {};
}

// The specifiers of one project, over requirements and constraints.
SpecifierSet specifiers_of(std::string_view name, const FrameworkQuestion& question) {
  SpecifierSet all;
  for (const auto* list : {&question.roots, &question.constraints})
    for (const Root& root : *list)
      if (root.name.value() == name) all.add(root.specifiers);
  return all;
}

bool allows(const SpecifierSet& specifiers, std::string_view version) {
  const auto parsed = Version::parse(version);
  return parsed && specifiers.contains(*parsed);
}

// Whether some clause wants more than the newest row has.
bool is_beyond(const SpecifierSet& specifiers, std::string_view newest) {
  const auto known = Version::parse(newest);
  return std::ranges::any_of(specifiers.clauses(), [&](const python::Specifier& clause) {
    const bool lower = clause.op == Operator::equal || clause.op == Operator::compatible ||
                       clause.op == Operator::greater || clause.op == Operator::greater_equal;
    return lower && known && clause.version > *known;
  });
}

// The choice for `gpu: true` where nothing else says which build.
class ByTable {
 public:
  ByTable(const FrameworkQuestion& question, const std::vector<const Root*>& family)
      : question_(question),
        torch_(specifiers_of("torch", question)),
        torchvision_(specifiers_of("torchvision", question)),
        torchaudio_(specifiers_of("torchaudio", question)) {
    for (const std::string_view name : {"torch", "torchvision", "torchaudio"})
      for (const Root* root : family)
        if (lead_ == nullptr && root->name.value() == name) lead_ = root;
  }

  FrameworkChoice choose() {
    if (lead_ == nullptr) return usual("what they need decides which torch it is");
    if (question_.target.architecture != "x86_64") {
      choice_.warnings.push_back(
          Error(ErrorKind::config,
                fmt::format("which CUDA builds of `{}` there are for {} is not known here, so the "
                            "usual indexes' build is taken; --torch-backend cu130 would choose one",
                            describe(*lead_), question_.target.architecture))
              .at(lead_->location));
      return usual("the table of builds is for x86_64");
    }
    find_wanted();
    const TorchRow* const row = find_row();
    return row == nullptr ? choose_unknown() : choose_build(*row);
  }

 private:
  // The CUDA that the config or TensorFlow fixes.
  void find_wanted() {
    const Root* tensorflow = nullptr;
    const TensorflowRow* row = nullptr;
    for (const Root& root : question_.roots) {
      const auto version = root.name.value() == "tensorflow" ? fixed_version(root) : std::nullopt;
      if (version) row = find_tensorflow(*version);
      if (row != nullptr) {
        tensorflow = &root;
        break;
      }
    }
    config_cuda_ = Cuda::parse(question_.cuda.value);
    wanted_ = config_cuda_;
    if (wanted_) why_ = fmt::format("`cuda` is {}", to_string(*wanted_));
    if (tensorflow == nullptr) return;
    if (!wanted_) {
      wanted_ = row->cuda;
      why_ = fmt::format("`{}` is built for CUDA {}", describe(*tensorflow), to_string(row->cuda));
      tensorflow_ = tensorflow;
    } else if (*wanted_ != row->cuda) {
      choice_.warnings.push_back(
          Error(ErrorKind::config,
                fmt::format("`{}` is built for CUDA {}, but `cuda` is {}", describe(*tensorflow),
                            to_string(row->cuda), to_string(*wanted_)))
              .at(question_.cuda.location));
    }
  }

  [[nodiscard]] bool fits_python(const TorchRow& row) const {
    const auto minor = question_.target.python.segment(1);
    return minor >= row.first_python_minor && minor <= row.last_python_minor;
  }

  // The newest row that all specifiers of the family allow, else that its leader's do. An exact pin
  // needs no fitting Python: which wheels there are, the index says.
  [[nodiscard]] const TorchRow* find_row() const {
    const auto rows = torch_rows();
    const bool pinned = torch_.pin() != nullptr;
    const auto newest = [&](const auto& fits) {
      const TorchRow* found = nullptr;
      for (const TorchRow& row : rows)
        if (fits(row) && (pinned || fits_python(row))) found = &row;
      return found;
    };
    const TorchRow* found = newest([&](const TorchRow& row) {
      return allows(torch_, row.torch) && allows(torchvision_, row.torchvision) &&
             allows(torchaudio_, row.torchaudio);
    });
    if (found != nullptr) return found;
    const std::string& leader = lead_->name.value();
    return newest([&](const TorchRow& row) {
      if (leader == "torch") return allows(torch_, row.torch);
      if (leader == "torchvision") return allows(torchvision_, row.torchvision);
      return allows(torchaudio_, row.torchaudio);
    });
  }

  FrameworkChoice choose_build(const TorchRow& row) {
    const Cuda* const build = best(row.builds);
    if (build != nullptr) {
      if (tensorflow_ != nullptr && *build != *wanted_) warn_of_tensorflow(*build);
      return take(*build);
    }
    if (row.plain && *row.plain <= *wanted_)
      return usual(fmt::format("their build of `{}` is for CUDA {}", describe(*lead_),
                               to_string(*row.plain)));
    std::vector<std::string> known;
    for (const Cuda& cuda : row.builds) known.push_back(to_string(cuda));
    choice_.warnings.push_back(
        Error(ErrorKind::config,
              fmt::format("`{}` has no build for CUDA {} or older (there are {}), so the usual "
                          "indexes' build is taken",
                          describe(*lead_), to_string(*wanted_), fmt::join(known, ", ")))
            .at(config_cuda_ ? question_.cuda.location : lead_->location));
    return usual("there is no build for this CUDA");
  }

  void warn_of_tensorflow(const Cuda& build) {
    choice_.warnings.push_back(
        Error(ErrorKind::config,
              fmt::format("`{}` is built for CUDA {}, `{}` is taken for CUDA {}, the nearest there "
                          "is",
                          describe(*tensorflow_), to_string(*wanted_), describe(*lead_),
                          to_string(build)))
            .at(lead_->location));
  }

  // No row: too old, too new, or never published.
  FrameworkChoice choose_unknown() {
    const auto& newest = torch_rows().back();
    const std::string& leader = lead_->name.value();
    const bool beyond = leader == "torch"         ? is_beyond(torch_, newest.torch)
                        : leader == "torchvision" ? is_beyond(torchvision_, newest.torchvision)
                                                  : is_beyond(torchaudio_, newest.torchaudio);
    if (beyond && config_cuda_)
      if (const Cuda* const build = best(newest.builds)) return take(*build);
    choice_.notable = true;
    return usual(
        fmt::format("which builds of `{}` there are is not known here; --torch-backend "
                    "cu118 or the like chooses one",
                    describe(*lead_)));
  }

  // The newest of ascending builds that is no newer than wanted.
  [[nodiscard]] const Cuda* best(std::span<const Cuda> builds) const {
    const Cuda* found = nullptr;
    for (const Cuda& build : builds)
      if (!wanted_ || build <= *wanted_) found = &build;
    return found;
  }

  FrameworkChoice take(const Cuda& build) {
    choice_.build = build_tag(build);
    choice_.reason = fmt::format(
        "torch and its family come as `{}` builds, as {} (--torch-backend chooses others)",
        choice_.build, why_);
    choice_.notable = true;
    return std::move(choice_);
  }

  FrameworkChoice usual(const std::string& why) {
    choice_.reason = fmt::format("torch and its family come from the usual indexes: {}", why);
    return std::move(choice_);
  }

  const FrameworkQuestion& question_;
  SpecifierSet torch_;
  SpecifierSet torchvision_;
  SpecifierSet torchaudio_;
  const Root* lead_ = nullptr;  // the first of torch, torchvision, torchaudio that is asked for
  std::optional<Cuda> config_cuda_{};
  std::optional<Cuda> wanted_{};
  std::string why_ = "`gpu` is true";
  const Root* tensorflow_ = nullptr;  // where it decides
  FrameworkChoice choice_{};
};

FrameworkChoice choose_labelled(const FrameworkQuestion& question, const Labelled& decisive) {
  const auto& [root, label] = decisive;
  FrameworkChoice choice{.build = label.build,
                         .reason = fmt::format("torch and its family come as `{}` builds, as `{}` "
                                               "is one",
                                               label.build, describe(*root))};
  const auto wanted = Cuda::parse(question.cuda.value);
  if (question.gpu && wanted && label.cuda && *label.cuda != *wanted)
    choice.warnings.push_back(
        Error(ErrorKind::config,
              fmt::format("`{}` is built for CUDA {}, but `cuda` is {}", describe(*root),
                          to_string(*label.cuda), to_string(*wanted)))
            .at(root->location));
  return choice;
}

}  // namespace

Result<FrameworkChoice> choose_framework_index(const FrameworkQuestion& question) {
  const auto family = family_of(question.roots);
  auto labelled = labels_of(family);
  for (auto& of_constraint : labels_of(family_of(question.constraints)))
    labelled.push_back(std::move(of_constraint));
  TRY(check_agreement(labelled));
  if (question.backend != "auto") return choose_named(question, labelled);

  const auto usual = [](const std::string& why) {
    return FrameworkChoice{
        .reason = fmt::format("torch and its family come from the usual indexes: {}", why)};
  };
  if (family.empty()) return usual("none of them is required by name");
  if (const auto word = own_word(question, family); !word.empty()) return usual(word);
  const auto decisive = std::ranges::find_if(
      labelled, [](const Labelled& candidate) { return !candidate.label.build.empty(); });
  if (decisive != labelled.end()) return choose_labelled(question, *decisive);
  for (const Root* root : family)
    if (const auto version = fixed_version(*root);
        root->name.value() == "torch" && version && !version->local().empty())
      return usual(fmt::format("`{}` names its build", describe(*root)));
  if (question.gpu) return ByTable(question, family).choose();
  return FrameworkChoice{.build = "cpu",
                         .reason =
                             "torch and its family come as `cpu` builds, as `gpu` is false "
                             "(--torch-backend chooses others)",
                         .notable = true};
}

}  // namespace cogbuild::resolve
