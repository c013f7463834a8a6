#include "predictor_case.hpp"

#include <doctest/doctest.h>

namespace cogbuild::check {
namespace {

TEST_CASE("input-default-none: None for a type that has none") {
  CHECK(over_inputs("input-default-none",
                    "        seed: int = Input(default=None),\n"
                    "        image: Path = None,\n") ==
        Strings{"predict.py:7:9 `seed` has `default=None`, but its type `int` has no None: callers "
                "must give it",
                "predict.py:8:9 `image` has `default=None`, but its type `Path` has no None: "
                "callers must give it"});
}

TEST_CASE("input-default-none: Optional, secrets and other defaults are fine") {
  CHECK(over_inputs("input-default-none",
                    "        a: Optional[int] = Input(default=None),\n"
                    "        b: int | None = None,\n"
                    "        c: Secret = Input(default=None),\n"
                    "        d: int = Input(default=3),\n"
                    "        e: str,\n"
                    "        f: int = Input(default=make()),\n")
            .empty());
}

TEST_CASE("input-value-unread: what is computed does not reach the schema") {
  CHECK(over_inputs("input-value-unread",
                    "        a: int = Input(description=f\"up to {LIMIT}\", default=1),\n"
                    "        b: int = Input(description=\"x\", default=make()),\n") ==
        Strings{"predict.py:7:36 the schema leaves out `description` of `a`, which is not a plain "
                "value: nobody sees it",
                "predict.py:8:49 the schema leaves out `default` of `b`, which is not a plain "
                "value: callers must give the input"});
}

TEST_CASE("input-value-unread: plain values and None") {
  CHECK(over_inputs("input-value-unread",
                    "        a: int = Input(description=\"x\" \"y\", default=1, ge=-1, le=1.5),\n"
                    "        b: str = Input(description=\"x\", default=None, min_length=1),\n"
                    "        c: int = 3,\n")
            .empty());
}

TEST_CASE("input-split-string: strings side by side") {
  CHECK(over_inputs("input-split-string",
                    "        a: int = Input(description=\"one\" \" two\"),\n"
                    "        b: int = Input(description=\"one's two\"),\n"
                    "        c: int = Input(description=f\"one\" \" two\"),\n") ==
        Strings{"predict.py:7:36 the description of `a` is shown with the quotes between its "
                "parts"});
}

TEST_CASE("input-split-string: --fix joins plain parts of one kind of quotes") {
  const auto fixed = [](const std::string& description) {
    const auto files = fixed_by(
        "input-split-string",
        project_with("        a: int = Input(description=" + description + ", default=1),\n"));
    return files.empty() ? std::string() : files.at("predict.py");
  };
  CHECK(fixed("\"one\"\n            \" two\" \" it's\"")
            .find("(description=\"one two it's\", default=1)") != std::string::npos);
  CHECK(fixed("'one' ' two'").find("(description='one two', default=1)") != std::string::npos);
  for (const auto* const kept :
       {"\"one\" ' two'", "r\"one\" \" two\"", "\"\"\"one\"\"\" \" two\"", "\"one\" f\" two\""})
    CHECK_MESSAGE(fixed(kept).empty(), std::string(kept));
}

TEST_CASE("input-unbounded: numbers that drive the cost") {
  CHECK(over_inputs("input-unbounded",
                    "        steps: int = Input(default=20),\n"
                    "        width: int = Input(default=512, ge=64),\n"
                    "        num_outputs: int = 1,\n") ==
        Strings{"predict.py:7:9 `steps` drives the time or memory of a run but has no upper bound",
                "predict.py:8:9 `width` drives the time or memory of a run but has no upper bound",
                "predict.py:9:9 `num_outputs` drives the time or memory of a run but has no upper "
                "bound"});
  CHECK(over_inputs("input-unbounded",
                    "        steps: int = Input(default=20, le=100),\n"
                    "        width: int = Input(default=512, choices=[512, 1024]),\n"
                    "        num_outputs: int = Input(default=1, le=LIMIT),\n"
                    "        seed: int = 0,\n"
                    "        duration: str = \"1\",\n")
            .empty());
}

TEST_CASE("input-no-default: settings that people leave alone") {
  CHECK(over_inputs("input-no-default",
                    "        prompt: str,\n"
                    "        temperature: float = Input(description=\"x\"),\n") ==
        Strings{"predict.py:8:9 `temperature` has no default: every caller must choose a value"});
  CHECK(over_inputs("input-no-default",
                    "        image: Path,\n"
                    "        seed: Optional[int],\n"
                    "        steps: int = Input(default=None),\n"
                    "        strength: float = 0.5,\n"
                    "        count: int,\n")
            .empty());
}

TEST_CASE("input-unusual-default: steps, scales and sizes") {
  CHECK(over_inputs("input-unusual-default",
                    "        steps: int = Input(default=500),\n"
                    "        cfg: float = 75.0,\n") ==
        Strings{"predict.py:7:9 `steps` is 500 by default; more than 150 is out of the ordinary",
                "predict.py:8:9 `cfg` is 75 by default; more than 30 is out of the ordinary"});
  CHECK(over_inputs("input-unusual-default",
                    "        steps: int = Input(default=50),\n"
                    "        temperature: float = 1,\n"
                    "        seed: int = 123456,\n"
                    "        num_outputs: int = Input(default=None),\n")
            .empty());
}

TEST_CASE("input-flag-type: yes or no that is not a bool") {
  CHECK(over_inputs("input-flag-type",
                    "        a: str = Input(default=\"No\", choices=[\"Yes\", \"No\"]),\n"
                    "        b: int = Input(default=1, choices=[0, 1]),\n") ==
        Strings{"predict.py:7:9 `a` is yes or no, but not a `bool`",
                "predict.py:8:9 `b` is yes or no, but not a `bool`"});
  CHECK(over_inputs("input-flag-type",
                    "        a: str = Input(choices=[\"yes\", \"no\", \"auto\"]),\n"
                    "        b: int = Input(choices=[1, 2]),\n"
                    "        c: int = Input(choices=[1, 1]),\n"
                    "        d: bool = False,\n")
            .empty());
}

}  // namespace
}  // namespace cogbuild::check
