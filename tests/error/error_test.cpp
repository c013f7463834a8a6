#include <cogbuild/error/error.hpp>
#include <cogbuild/error/printable.hpp>

#include <doctest/doctest.h>

using namespace cogbuild;

TEST_CASE("render: a quoted line shows no password of a URL") {
  struct Row {
    const char* line;
    const char* shown;
  };
  for (const Row& row : {
           Row{"deb http://me:s3cr%20t@h/d x main", "deb http://me:********@h/d x main"},
           Row{"'http://a:b@c' 'https://d:ef@g'", "'http://a:*@c' 'https://d:**@g'"},
           Row{"http://a:b@c:d@host", "http://a:*****@host"},
           Row{"http://host:80/a@b", "http://host:80/a@b"},
           Row{"http://me@host:80", "http://me@host:80"},
           Row{"://", "://"},
       }) {
    const auto error = Error(ErrorKind::config, "no")
                           .at({.file = "f", .line = 1, .column = 0, .line_text = row.line});
    CHECK(render(error) == std::string("f:1: error: no\n  1 | ") + row.shown + "\n");
  }
}

TEST_CASE("printable: no control character is left") {
  CHECK(printable("a\x1b[2J\n\r\x7f\tb") == "a?[2J???\tb");
  CHECK(printable("\xc2\x9b"
                  "31m \xc2\xa0 ä \xc2") == "?31m \xc2\xa0 ä \xc2");
}

TEST_CASE("printable_path: no path is a command of a log") {
  CHECK(printable_path("::add-mask::x") == "./::add-mask::x");
  CHECK(printable_path(" \t::x") == "./ \t::x");
  CHECK(printable_path("a::x") == "a::x");
  CHECK(printable_path("") == "");
}

TEST_CASE("printable_lines: nor does a line of a message begin with one") {
  CHECK(printable_lines("one\n::two\x1b\n\n three\n") == "one\n./::two?\n\n three\n");
  CHECK(printable_lines("::one") == "::one");
}

TEST_CASE("render: nothing of an error writes to the terminal") {
  const auto error =
      Error(ErrorKind::config, "no\x1b[31m\n::error::x")
          .at({.file = "::a\nb", .line = 1, .column = 0, .line_text = "\x1b]0;t\x07"})
          .hint("h\x1b")
          .also(Error(ErrorKind::config, "\x1b"));
  CHECK(render(error) ==
        "./::a?b:1: error: no?[31m\n./::error::x\n  1 | ?]0;t?\nhint: h?\nerror: ?\n");
}
