#include <cogbuild/error/error.hpp>

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
