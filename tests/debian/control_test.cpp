#include <cogbuild/debian/control.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using debian::Comments;
using debian::read_stanzas;
using debian::Stanza;
using debian::StanzaReader;
using debian::value_lines;

namespace {

std::vector<Stanza> stanzas(std::string_view text, Comments comments = Comments::refused) {
  auto read = read_stanzas(text, "status", comments);
  REQUIRE_MESSAGE(read, (read ? "" : render(read.error())));
  return *std::move(read);
}

std::string problem(std::string_view text, Comments comments = Comments::refused) {
  const auto read = read_stanzas(text, "status", comments);
  return read ? "" : render(read.error());
}

}  // namespace

TEST_CASE("StanzaReader: fields, values and lines of two stanzas") {
  const std::string text = "\n\nA: 1\nB-c:two words  \n\n \t\nA:\t3\n";
  const auto read = stanzas(text);
  REQUIRE(read.size() == 2);
  REQUIRE(read[0].fields.size() == 2);
  CHECK(read[0].line == 3);
  CHECK(read[0].fields[0].name == "A");
  CHECK(read[0].fields[0].value == "1");
  CHECK(read[0].fields[1].name == "B-c");
  CHECK(read[0].fields[1].value == "two words");
  CHECK(read[0].fields[1].line == 4);
  CHECK(read[0].text == "A: 1\nB-c:two words  \n");
  CHECK(read[1].line == 7);
  CHECK(read[1].text == "A:\t3\n");
  CHECK(read[1].fields[0].value == "3");
}

TEST_CASE("StanzaReader: nothing is copied") {
  const std::string text = "A: 1\n 2\n";
  const auto read = stanzas(text);
  CHECK(read[0].fields[0].value.data() == text.data() + 3);
  CHECK(read[0].fields[0].value == "1\n 2");
}

TEST_CASE("Stanza: names are found in any case") {
  const auto read = stanzas("Package: a\nMULTI-ARCH: same\n");
  CHECK(read[0].value("package") == "a");
  CHECK(read[0].value("Multi-Arch") == "same");
  CHECK(read[0].value("Multi").empty());
  CHECK(read[0].find("Version") == nullptr);
  REQUIRE(read[0].find("PACKAGE") != nullptr);
  CHECK(read[0].find("PACKAGE")->line == 1);
}

TEST_CASE("StanzaReader: values of several lines, also when the first is empty") {
  const auto read = stanzas("A: one\n two\n\tthree \nB:\n x\n y\nC:\nD: 1");
  CHECK(value_lines(read[0].value("A")) == std::vector<std::string_view>{"one", "two", "three"});
  CHECK(value_lines(read[0].value("B")) == std::vector<std::string_view>{"x", "y"});
  CHECK(read[0].value("B") == "x\n y");
  CHECK(read[0].value("C").empty());
  CHECK(read[0].value("D") == "1");
}

TEST_CASE("StanzaReader: lines may end in CR LF, the last in nothing") {
  const auto read = stanzas("A: 1\r\n 2\r\n\r\nB: 3\r\n");
  REQUIRE(read.size() == 2);
  CHECK(value_lines(read[0].value("A")) == std::vector<std::string_view>{"1", "2"});
  CHECK(read[1].value("B") == "3");
  CHECK(stanzas("A: 1")[0].value("A") == "1");
  CHECK(stanzas("").empty());
  CHECK(stanzas("\n \r\n").empty());
}

TEST_CASE("StanzaReader: comments stand anywhere between lines, where they are allowed") {
  const auto read =
      stanzas("# x\nA: 1\n# : y\n 2\n#z\nB: #no comment\n #nor this\n\n# end\n", Comments::allowed);
  REQUIRE(read.size() == 1);
  CHECK(value_lines(read[0].value("A")) == std::vector<std::string_view>{"1", "2"});
  CHECK(value_lines(read[0].value("B")) ==
        std::vector<std::string_view>{"#no comment", "#nor this"});
  CHECK(problem("A: 1\n#B: 2\n") == "status:2: error: `#B` is not a field name\n");
}

TEST_CASE("StanzaReader: what is no field is shown with its line") {
  CHECK(problem("A: 1\nnonsense\n") ==
        "status:2: error: `nonsense` is not a field: it has no colon\n");
  CHECK(problem("\n x\n") == "status:2: error: a line begins with a space, but no field\n");
  CHECK(problem(": x\n") == "status:1: error: `` is not a field name\n");
  CHECK(problem("A b: x\n") == "status:1: error: `A b` is not a field name\n");
  CHECK(problem("-----BEGIN PGP SIGNED MESSAGE-----\n") ==
        "status:1: error: `-----BEGIN PGP SIGNED MESSAGE-----` is not a field: it has no colon\n");
  CHECK(problem("-A: x\n") == "status:1: error: `-A` is not a field name\n");
  CHECK(problem("\xc3\xa4: x\n") == "status:1: error: `\xc3\xa4` is not a field name\n");
  CHECK(problem("A\x1b[2J: x\n") == "status:1: error: `A?[2J` is not a field name\n");
  CHECK(problem("A: 1\nB: 2\na: 3\n") == "status:3: error: the field `a` is given twice\n");
}

TEST_CASE("StanzaReader: hostile sizes end in an error, and in time") {
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "F" + std::to_string(i) + ": x\n";
  CHECK(problem(many) == "status:1001: error: a stanza has more than 1000 fields\n");
  CHECK(problem("A: " + std::string(StanzaReader::kMaxLineBytes, 'x')) ==
        "status:1: error: the line is too long\n");

  const auto begin = std::chrono::steady_clock::now();
  std::string lines = "A:";
  for (int i = 0; i < 300000; ++i) lines += "\n x";
  CHECK(value_lines(stanzas(lines)[0].value("A")).size() == 300000);
  CHECK(stanzas(std::string(3000000, '\n')).empty());
  CHECK(stanzas(std::string(3000000, ' ')).empty());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}
