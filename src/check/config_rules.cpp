#include "config_checks.hpp"
#include "rule_groups.hpp"

#include <array>

namespace cogbuild::check {
namespace {

constexpr std::array<Rule, 14> kRules = {{
    {.id = "config-invalid",
     .group = Group::config,
     .severity = Severity::error,
     .doctor = true,
     .summary = "cog.yaml, cogbuild.yaml, the requirements or a file of the project cannot be used",
     .why = "A build stops at these. All of them are listed at once, each with its place.",
     .bad = "build:\n  python_version: \"3\"\n",
     .good = "build:\n  python_version: \"3.12\"\n",
     .find = find_invalid_config},
    {.id = "config-entry-point",
     .group = Group::config,
     .severity = Severity::error,
     .doctor = true,
     .summary = "`run` or `train` names a file, class or function that is not there",
     .why = "The image would build, and fail when it starts.",
     .bad = "run: \"runner.py:Runer\"\n",
     .good = "run: \"run.py:Runner\"\n",
     .find = find_wrong_entry_points},
    {.id = "config-secret",
     .group = Group::config,
     .severity = Severity::error,
     .summary = "`environment` or a command of `run` holds a secret",
     .why = "What cog.yaml says stays in the image, in its history and in its labels: everyone who "
            "can pull the image can read it.",
     .bad = "environment:\n  - HF_TOKEN=hf_…\n",
     .good = "# the value is set where the model runs, or is an input:\n"
             "def run(self, token: Secret = Input(description=\"Token of the hub\")) -> str:\n",
     .find = find_secrets_in_config},
    {.id = "config-concurrency",
     .group = Group::config,
     .severity = Severity::error,
     .summary = "`concurrency.max` above 1 for a method that is not async",
     .why = "Several predictions at a time share one thread: only `async def` can give way to the "
            "others. Cog refuses anything else when the model starts.",
     .bad = "concurrency:\n  max: 4\n# run.py\ndef run(self, prompt: str) -> str:\n",
     .good = "@cog.concurrent(max=4)\nasync def run(self, prompt: str) -> str:\n",
     .find = find_concurrency_without_async},
    {.id = "config-unknown-key",
     .group = Group::config,
     .severity = Severity::warning,
     .doctor = true,
     .summary = "a key that neither Cog nor cogbuild knows",
     .why = "Cog drops such keys without a word, so that a typing mistake looks like a setting "
            "that has no effect.",
     .bad = "build:\n  system_package:\n    - ffmpeg\n",
     .good = "build:\n  system_packages:\n    - ffmpeg\n",
     .find = find_unknown_keys},
    {.id = "config-no-entry-point",
     .group = Group::config,
     .severity = Severity::warning,
     .summary = "neither `run` nor `train` is set",
     .why = "Cog builds no image without one of them.",
     .bad = "build:\n  python_version: \"3.12\"\n",
     .good = "build:\n  python_version: \"3.12\"\nrun: \"run.py:Runner\"\n",
     .find = find_no_entry_point},
    {.id = "config-old-python",
     .group = Group::config,
     .severity = Severity::warning,
     .doctor = true,
     .summary = "Python older than 3.10",
     .why = "It gets no fixes any more, newer packages no longer support it, and Cog 0.22 refuses "
            "it. cogbuild builds such projects with the last release of Cog that runs on it.",
     .bad = "python_version: \"3.8\"\n",
     .good = "python_version: \"3.12\"\n",
     .find = find_old_python},
    {.id = "config-deprecated",
     .group = Group::config,
     .severity = Severity::warning,
     .doctor = true,
     .fixable = true,
     .summary = "a key that Cog has replaced: `predict`, `python_packages`, `pre_install`, "
                "`concurrency`",
     .why = "Cog warns of them in each build and will drop them.",
     .bad = "predict: \"predict.py:Predictor\"\n",
     .good = "run: \"predict.py:Predictor\"\n",
     .find = find_deprecated_keys},
    {.id = "config-doubtful",
     .group = Group::config,
     .severity = Severity::warning,
     .summary = "a value that does not do what it seems to do",
     .why = "The build goes on, with another meaning than the text suggests.",
     .bad = "python_packages:\n  - torch==2.9.0 --extra-index-url https://index.example\n",
     .good = "python_requirements: requirements.txt\n",
     .find = find_doubtful_values},
    {.id = "config-unquoted-version",
     .group = Group::config,
     .severity = Severity::hint,
     .fixable = true,
     .summary = "a version such as 3.10 without quotes",
     .why =
         "For YAML it is a number, and 3.10 is the number 3.1. Cog and cogbuild read the text as "
         "it stands; other tools, and editors that write the file anew, do not.",
     .bad = "python_version: 3.10\n",
     .good = "python_version: \"3.10\"\n",
     .find = find_unquoted_versions},
    {.id = "config-empty-key",
     .group = Group::config,
     .severity = Severity::hint,
     .fixable = true,
     .summary = "a key without a value",
     .why = "It says nothing, and leaves the reader to wonder whether something is missing.",
     .bad = "build:\n  python_version: \"3.12\"\n  system_packages:\n",
     .good = "build:\n  python_version: \"3.12\"\n",
     .find = find_empty_keys},
    {.id = "run-apt",
     .group = Group::config,
     .severity = Severity::hint,
     .summary = "`apt-get install` in `run`",
     .why = "Packages under `system_packages` are resolved once, locked and shared between images; "
            "a command fetches whatever is there on that day, and leaves its lists behind.",
     .bad = "run:\n  - apt-get update && apt-get install -y ffmpeg\n",
     .good = "system_packages:\n  - ffmpeg\n",
     .find = find_apt_in_run},
    {.id = "run-pip",
     .group = Group::config,
     .severity = Severity::hint,
     .summary = "`pip install` in `run`",
     .why =
         "What the requirements file lists is resolved together, locked, and lies in layers that "
         "models share. What a command installs is none of these, and may replace versions that "
         "were chosen to fit.",
     .bad = "run:\n  - pip install diffusers\n",
     .good = "# requirements.txt\ndiffusers==0.35.1\n",
     .many = "commands of `run` are `pip install`, which is not locked and shares no layer",
     .many_fix = "move what they install into the requirements file; options such as "
                 "`--find-links` stand there on lines of their own",
     .find = find_pip_in_run},
    {.id = "run-unpinned",
     .group = Group::config,
     .severity = Severity::hint,
     .summary = "a command of `run` that fetches whatever is newest",
     .why = "The same project gives another image tomorrow, perhaps a broken one, and nobody can "
            "tell what changed.",
     .bad = "run:\n  - curl -fsSL https://tool.example/install.sh | bash\n",
     .good = "run:\n  - curl -fsSLo /usr/local/bin/tool https://tool.example/v1.2/tool\n",
     .find = find_unpinned_run},
}};

}  // namespace

std::span<const Rule> config_rules() { return kRules; }

}  // namespace cogbuild::check
